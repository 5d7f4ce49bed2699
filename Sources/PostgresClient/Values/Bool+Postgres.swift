extension Bool: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .bool }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(UInt8(self ? 1 : 0))
  }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Bool {
    guard type == .bool else { throw .typeMismatch }
    return try bytes.bigEndianInteger(as: UInt8.self) != 0
  }
}
