/// The text of a `jsonb` (or `json`) value.
///
/// Binds as `jsonb`. The text is not parsed here: the server refuses what is not JSON with
/// `invalid_text_representation`.
public struct PostgresJSON: Hashable, Sendable {
  public var text: String

  /// A value from its text.
  public init(_ text: String) { self.text = text }
}

extension PostgresJSON: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .jsonb }
  public static var postgresArrayType: PostgresType { .jsonbArray }

  public func encode(into writer: inout PostgresParameterWriter) {
    // Version 1 of jsonb's binary form is the text itself.
    writer.writeInteger(UInt8(1))
    writer.writeString(text)
  }

  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> PostgresJSON {
    guard type == .jsonb || type == .json else { throw .typeMismatch }
    return PostgresJSON(try String.decode(from: bytes, type: type))
  }
}
