/// A `timestamptz`: microseconds since 2000-01-01T00:00:00Z, the server's own form.
public struct PostgresTimestamp: Hashable, Sendable {
  /// Microseconds since 2000-01-01T00:00:00Z. `Int64.max` and `Int64.min` are the infinities.
  public var microseconds: Int64

  /// Seconds from the Unix epoch to PostgreSQL's.
  static let epochOffset: Int64 = 946_684_800
  /// 9999-12-31T23:59:59Z and 0001-01-01T00:00:00Z in Unix seconds: the range of
  /// `google.protobuf.Timestamp`.
  static let unixSecondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// A moment from the server's own form.
  @inlinable
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// A time from Unix seconds and nanoseconds (0 to 999,999,999), as in
  /// `google.protobuf.Timestamp`; nanoseconds are cut to microseconds, seconds clamped to the years
  /// 1 to 9999.
  public init(unixSeconds: Int64, nanoseconds: Int32 = 0) {
    let range = Self.unixSecondsRange
    let seconds = min(max(unixSeconds, range.lowerBound), range.upperBound)
    let micros = Int64(min(max(nanoseconds, 0), 999_999_999)) / 1_000
    microseconds = (seconds - Self.epochOffset) * 1_000_000 + micros
  }

  /// Later, and earlier, than any moment.
  public static let infinity = PostgresTimestamp(microseconds: .max)
  public static let negativeInfinity = PostgresTimestamp(microseconds: .min)

  /// Whether it is one of the two infinities.
  public var isInfinite: Bool { microseconds == .max || microseconds == .min }

  /// Whole seconds since the Unix epoch, rounded down.
  public var unixSeconds: Int64 {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return quotient - (remainder < 0 ? 1 : 0) + Self.epochOffset
  }

  /// The part below the second, 0 to 999,999,000.
  public var nanoseconds: Int32 {
    let remainder = microseconds % 1_000_000
    return Int32(remainder < 0 ? remainder + 1_000_000 : remainder) * 1_000
  }
}

extension PostgresTimestamp: Comparable {
  @inlinable
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }
}

extension PostgresTimestamp: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
  @inlinable
  public static var postgresType: PostgresType { .timestamptz }
  public static var postgresArrayType: PostgresType { .timestamptzArray }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(microseconds)
  }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> PostgresTimestamp {
    guard type == .timestamptz else { throw .typeMismatch }
    return PostgresTimestamp(microseconds: try bytes.bigEndianInteger(as: Int64.self))
  }
}
