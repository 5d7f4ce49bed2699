extension String: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .text }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) { writer.writeString(self) }

  /// Reads the text types, JSON, and user-defined types whose binary form is text (enums, citext).
  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> String {
    switch type {
    case .text, .varchar, .bpchar, .name, .unknown, .json, .xml, .char:
      return String(decoding: bytes, as: UTF8.self)
    case .jsonb:
      guard bytes.first == 1 else { throw .malformed }
      return String(decoding: UnsafeRawBufferPointer(rebasing: bytes.dropFirst()), as: UTF8.self)
    default:
      guard type.isUserDefined else { throw .typeMismatch }
      guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
      return text
    }
  }
}
