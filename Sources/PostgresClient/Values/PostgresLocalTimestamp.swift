/// A `timestamp` without time zone: a reading of a wall clock, in microseconds since
/// 2000-01-01T00:00:00 on that clock.
public struct PostgresLocalTimestamp: Hashable, Sendable {
  /// Microseconds since 2000-01-01T00:00:00. `Int64.max` and `Int64.min` are the infinities.
  public var microseconds: Int64

  /// A reading from the server's own form.
  @inlinable
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// A reading of calendar and clock.
  public init(date: PostgresDate, time: PostgresTime) {
    microseconds = Int64(date.days) * 86_400_000_000 + time.microseconds
  }

  /// The calendar day.
  public var date: PostgresDate {
    let day: Int64 = 86_400_000_000
    let floor = microseconds / day - (microseconds % day < 0 ? 1 : 0)
    return PostgresDate(days: Int32(clamping: floor))
  }

  /// The time of day.
  public var time: PostgresTime {
    let day: Int64 = 86_400_000_000
    let remainder = microseconds % day
    return PostgresTime(microseconds: remainder < 0 ? remainder + day : remainder)
  }
}

extension PostgresLocalTimestamp: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .timestamp }

  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(microseconds)
  }

  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> PostgresLocalTimestamp {
    guard type == .timestamp else { throw .typeMismatch }
    return PostgresLocalTimestamp(microseconds: try bytes.bigEndianInteger(as: Int64.self))
  }
}
