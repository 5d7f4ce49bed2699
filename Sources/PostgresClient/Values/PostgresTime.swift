/// A `time` of day without time zone.
public struct PostgresTime: Hashable, Sendable {
  /// Microseconds since midnight, 0 to 86,400,000,000 (24:00 is a value of its own).
  public var microseconds: Int64

  /// A time of day from the server's own form.
  @inlinable
  public init(microseconds: Int64) { self.microseconds = microseconds }
}

extension PostgresTime: Comparable {
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }
}

extension PostgresTime: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .time }
  public static var postgresArrayType: PostgresType { .timeArray }

  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(microseconds)
  }

  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> PostgresTime {
    guard type == .time else { throw .typeMismatch }
    return PostgresTime(microseconds: try bytes.bigEndianInteger(as: Int64.self))
  }
}
