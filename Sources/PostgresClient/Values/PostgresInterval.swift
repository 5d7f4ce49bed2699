/// An `interval`: its three parts are kept apart because months and days have no fixed length.
public struct PostgresInterval: Hashable, Sendable {
  public var months: Int32
  public var days: Int32
  public var microseconds: Int64

  /// An interval from its three parts.
  public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
    self.months = months
    self.days = days
    self.microseconds = microseconds
  }
}

extension PostgresInterval: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .interval }
  public static var postgresArrayType: PostgresType { .intervalArray }

  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(microseconds)
    writer.writeInteger(days)
    writer.writeInteger(months)
  }

  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> PostgresInterval {
    guard type == .interval else { throw .typeMismatch }
    guard bytes.count == 16 else { throw .malformed }
    return PostgresInterval(
      months: Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 12, as: Int32.self)),
      days: Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self)),
      microseconds: Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
  }
}
