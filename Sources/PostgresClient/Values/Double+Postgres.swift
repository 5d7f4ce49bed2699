extension Double: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .float8 }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(bitPattern)
  }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Double {
    switch type {
    case .float8: Double(bitPattern: try bytes.bigEndianInteger(as: UInt64.self))
    case .float4: Double(Float(bitPattern: try bytes.bigEndianInteger(as: UInt32.self)))
    default: throw .typeMismatch
    }
  }
}

extension Float: PostgresEncodable, PostgresDecodable {
  @inlinable
  public static var postgresType: PostgresType { .float4 }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(bitPattern)
  }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Float {
    guard type == .float4 else { throw .typeMismatch }
    return Float(bitPattern: try bytes.bigEndianInteger(as: UInt32.self))
  }
}
