// Integers bind as the PostgreSQL integer of their width and read any integer column that fits.

extension Int16: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .int2 }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) { writer.writeInteger(self) }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Int16 {
    guard let value = Int16(exactly: try decodeInteger(from: bytes, type: type)) else {
      throw .outOfRange
    }
    return value
  }
}

extension Int32: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .int4 }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) { writer.writeInteger(self) }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Int32 {
    guard let value = Int32(exactly: try decodeInteger(from: bytes, type: type)) else {
      throw .outOfRange
    }
    return value
  }
}

extension Int64: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .int8 }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) { writer.writeInteger(self) }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Int64 {
    try decodeInteger(from: bytes, type: type)
  }
}

extension Int: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .int8 }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(Int64(self))
  }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Int {
    Int(try decodeInteger(from: bytes, type: type))
  }
}

/// Reads a column of any integer type (`oid` is unsigned).
@inlinable
func decodeInteger(
  from bytes: UnsafeRawBufferPointer, type: PostgresType
) throws(PostgresDecodingError.Reason) -> Int64 {
  switch type {
  case .int8: try bytes.bigEndianInteger(as: Int64.self)
  case .int4: Int64(try bytes.bigEndianInteger(as: Int32.self))
  case .int2: Int64(try bytes.bigEndianInteger(as: Int16.self))
  case .oid: Int64(try bytes.bigEndianInteger(as: UInt32.self))
  default: throw .typeMismatch
  }
}
