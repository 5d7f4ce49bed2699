/// So much in a second, and so much at once.
package struct RateLimit: Sendable, Hashable {
  /// What comes back in a second. 1 to 1,000,000,000.
  package let perSecond: Int

  /// What a caller who was quiet may use at once. 1 to 1,000,000,000.
  package let burst: Int

  /// Values outside a range move to its nearest end. Without a burst, ten seconds' worth.
  package init(perSecond: Int, burst: Int? = nil) {
    let range = 1...1_000_000_000
    self.perSecond = min(max(perSecond, range.lowerBound), range.upperBound)
    let wanted = burst ?? self.perSecond.multipliedReportingOverflow(by: 10).partialValue
    self.burst = min(max(wanted, range.lowerBound), range.upperBound)
  }

  /// The lower of two rates, with the smaller of their bursts: whoever keeps to it keeps to both.
  package func lowered(to other: RateLimit) -> RateLimit {
    RateLimit(
      perSecond: min(perSecond, other.perSecond), burst: min(burst, other.burst))
  }

  /// Nanoseconds in which one unit comes back.
  var interval: UInt64 { max(1, 1_000_000_000 / UInt64(perSecond)) }
}

extension RateLimit: CustomStringConvertible {
  package var description: String { "\(perSecond)/\(burst)" }
}
