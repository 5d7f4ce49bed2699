extension Timestamp {
  /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z in seconds since 1970.
  static let validSeconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Writes RFC 3339 in UTC with 0, 3, 6 or 9 digits of a second.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    guard let text = rfc3339 else { throw JSONError(.unrepresentable) }
    writer.string(text)
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    guard let value = Timestamp(rfc3339: try reader.string()) else {
      throw reader.error(.invalidFormat)
    }
    self = value
  }

  /// The time as RFC 3339 in UTC, as `2024-02-29T08:30:00.250Z`; nil outside of the years 1 to 9999.
  public var rfc3339: String? {
    guard isWellFormed else { return nil }
    let days = seconds.dividedFloor(by: 86_400)
    let time = Int(seconds - days * 86_400)
    let date = CivilDate(daysSince1970: Int(days))
    var text = date.year.padded(4)
    text += "-" + date.month.padded(2) + "-" + date.day.padded(2)
    text += "T" + (time / 3600).padded(2) + ":" + (time / 60 % 60).padded(2)
    text += ":" + (time % 60).padded(2) + Fraction.text(nanos: nanos) + "Z"
    return text
  }

  /// Reads RFC 3339 with any offset, or gives nil. A leap second is not accepted.
  public init?(rfc3339 text: String) {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2),
      scanner.take("-"), let day = scanner.number(2), scanner.take("T"),
      let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2),
      scanner.take(":"), let second = scanner.number(2), let nanos = scanner.fraction(),
      let offset = scanner.offset(), scanner.isAtEnd,
      hour < 24, minute < 60, second < 60,
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    let time = hour * 3600 + minute * 60 + second - offset
    let seconds = Int64(date.daysSince1970 * 86_400 + time)
    guard Self.validSeconds.contains(seconds) else { return nil }
    self.init(seconds: seconds, nanos: nanos)
  }
}

extension Int64 {
  func dividedFloor(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}

extension Int {
  /// The digits, with zeros in front up to a width.
  func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
