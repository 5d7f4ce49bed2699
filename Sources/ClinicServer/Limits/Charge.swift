package import RPCCore

/// What is counted for a call or a message.
package struct Charge: Sendable, Hashable {
  package var calls: Int
  package var cost: Int

  package init(calls: Int = 0, cost: Int = 0) {
    self.calls = calls
    self.cost = cost
  }

  package static let zero = Charge()

  package static func + (one: Charge, other: Charge) -> Charge {
    Charge(calls: one.calls + other.calls, cost: one.cost + other.cost)
  }

  package static func += (one: inout Charge, other: Charge) { one = one + other }
}

/// A limit that a charge would pass.
package struct Refusal: Sendable, Hashable {
  /// Whose usage is too much.
  package enum Scope: String, Sendable, Hashable {
    case clinic, account, address
    case apiKey = "api_key"
  }

  package var scope: Scope
  package var kind: CallLimits.Kind
  /// The limit: in a second, or in a day.
  package var size: Int
  /// After which time the same charge passes.
  package var delay: Duration

  /// What the caller is told: the limit is its own, so is the size.
  package var error: RPCError {
    var facts = ["scope": scope.rawValue, "size": "\(size)"]
    let whose =
      switch scope {
      case .clinic: "The clinic"
      case .account: "The account"
      case .address: "The address"
      case .apiKey: "The API key"
      }
    let isQuota: Bool
    switch kind {
    case .calls: (facts["limit"], isQuota) = ("calls_per_second", false)
    case .cost: (facts["limit"], isQuota) = ("cost_per_second", false)
    case .callsPerDay: (facts["limit"], isQuota) = ("calls_per_day", true)
    case .costPerDay: (facts["limit"], isQuota) = ("cost_per_day", true)
    }
    let what = kind == .calls || kind == .callsPerDay ? "calls" : "units of cost"
    return .resourceExhausted(
      "\(whose) may use \(size) \(what) \(isQuota ? "a day (UTC)" : "a second")",
      reason: isQuota ? "QUOTA_EXCEEDED" : "RATE_LIMITED", metadata: facts, retryAfter: delay)
  }
}
