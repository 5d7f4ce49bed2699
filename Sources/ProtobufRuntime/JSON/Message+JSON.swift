extension Message {
  /// The message as proto3 JSON.
  ///
  /// - Throws: `JSONError` where JSON has no form for a value: a timestamp out of range, an Any of a
  ///   type that the registry lacks.
  public func jsonString(
    options: JSONEncodingOptions = JSONEncodingOptions()
  ) throws(JSONError) -> String {
    String(decoding: try jsonUTF8(options: options), as: UTF8.self)
  }

  /// The message as proto3 JSON in UTF-8.
  ///
  /// - Throws: `JSONError` where JSON has no form for a value.
  public func jsonUTF8(
    options: JSONEncodingOptions = JSONEncodingOptions()
  ) throws(JSONError) -> [UInt8] {
    var writer = JSONWriter(options: options)
    try writeJSON(to: &writer)
    return writer.output
  }

  /// Reads a message from proto3 JSON in UTF-8.
  ///
  /// - Throws: `JSONError` with the path of the field that is wrong.
  public init(
    jsonUTF8 bytes: [UInt8], options: JSONDecodingOptions = JSONDecodingOptions()
  ) throws(JSONError) {
    let result: Result<Self, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress, !buffer.isEmpty else {
        return .failure(JSONError(.malformed, offset: 0))
      }
      var reader = JSONReader(start, count: buffer.count, options: options)
      do throws(JSONError) {
        guard let message = try Self(json: &reader) else { throw reader.error(.malformed) }
        try reader.finish()
        return .success(message)
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// Reads a message from proto3 JSON.
  ///
  /// - Throws: `JSONError` with the path of the field that is wrong.
  public init(
    jsonString text: String, options: JSONDecodingOptions = JSONDecodingOptions()
  ) throws(JSONError) {
    self = try Self(jsonUTF8: Array(text.utf8), options: options)
  }

  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    try writer.beginObject()
    try writer.fields(of: self)
    writer.endObject()
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self.init()
    try reader.fields(of: &self)
  }
}
