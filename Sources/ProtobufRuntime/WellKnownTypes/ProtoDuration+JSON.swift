extension ProtoDuration {
  /// About 10,000 years, either way.
  static let validSeconds: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

  /// Writes seconds with 0, 3, 6 or 9 digits and an `s`.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    guard isWellFormed else { throw JSONError(.unrepresentable) }
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    writer.string("\(sign)\(seconds.magnitude)\(Fraction.text(nanos: abs(nanos)))s")
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    var scanner = DigitScanner(try reader.string())
    let sign: Int64 = scanner.take("-") ? -1 : 1
    guard let seconds = scanner.number(), let nanos = scanner.fraction(), scanner.take("s"),
      scanner.isAtEnd, Self.validSeconds.contains(seconds)
    else { throw reader.error(.invalidFormat) }
    self.init(seconds: sign * seconds, nanos: Int32(sign) * nanos)
  }

  /// A span of Swift's, cut to whole nanoseconds.
  public init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
  }
}

extension Duration {
  /// A span of a contract.
  public init(_ duration: ProtoDuration) {
    self = .seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos))
  }
}
