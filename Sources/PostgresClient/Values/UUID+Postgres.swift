public import FoundationEssentials

extension UUID: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .uuid }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    withUnsafeBytes(of: uuid) { writer.writeBytes($0) }
  }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> UUID {
    guard type == .uuid else { throw .typeMismatch }
    guard bytes.count == 16 else { throw .malformed }
    return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
  }
}

extension UUID: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .uuidArray }
}
