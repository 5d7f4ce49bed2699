internal import ProtobufRuntime

extension Message {
  /// The message's proto3 JSON.
  ///
  /// - Parameter keepsDefaults: Values that are not set are written too.
  func jsonValue(keepsDefaults: Bool = false) throws -> JSONValue {
    let options = JSONEncodingOptions(includesDefaults: keepsDefaults)
    return try JSONValue(parsing: try jsonString(options: options))
  }

  /// Reads proto3 JSON.
  ///
  /// - Throws: ``CommandFailure`` that says what does not fit the contract.
  init(jsonValue: JSONValue) throws(CommandFailure) {
    do {
      self = try Self(jsonUTF8: Array(jsonValue.compactText.utf8))
    } catch {
      throw .usage("this is not a \(Self.descriptor.name): \(error)")
    }
  }
}
