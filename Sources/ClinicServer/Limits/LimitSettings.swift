/// What callers may ask of the whole server: rates and quotas, and how many calls are worked on at
/// once. Platform administrators set other limits for single clinics, see `QuotaService`.
///
/// The defaults are beyond what one server of two cores can do: they are there to be lowered.
package struct LimitSettings: Sendable, Hashable {
  /// Each clinic, all its callers together. 100,000 calls and a cost of 1,000,000 a second.
  package var clinic = CallLimits(
    calls: RateLimit(perSecond: 100_000), cost: RateLimit(perSecond: 1_000_000))

  /// Each account of a clinic's staff, and each API key. As much as the clinic.
  package var account = CallLimits(
    calls: RateLimit(perSecond: 100_000), cost: RateLimit(perSecond: 1_000_000))

  /// Each address that calls without credentials; of IPv6, the first 64 bits. Rates only. 2,000
  /// calls and a cost of 100,000 a second.
  package var address = CallLimits(
    calls: RateLimit(perSecond: 2_000), cost: RateLimit(perSecond: 100_000))

  /// How many calls are worked on at once.
  package var turns = TurnLimits()

  /// The time between two counts of usage into the database: what the other servers do not know
  /// yet, and what is lost when a server is killed. 0.1 to 60 s; 2 s.
  package var usageInterval = Duration.seconds(2) {
    didSet {
      usageInterval = min(max(usageInterval, .milliseconds(100)), .seconds(60))
    }
  }

  package init() {}
}

extension LimitSettings: CustomStringConvertible {
  /// Every limit with its value, as printed at start.
  package var description: String {
    "clinic=\(clinic) account=\(account) address=\(address) turns=\(turns) "
      + "usage_interval=\(usageInterval)"
  }
}
