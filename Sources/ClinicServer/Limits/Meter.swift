package import RPCCore
internal import Synchronization

/// What one caller has used of its limits: a clinic, an account, an API key or an address.
package final class Meter: Sendable {
  /// The numbers, as a pure value: it is told the time.
  package struct State: Sendable {
    package private(set) var limits: CallLimits
    package var usage = UsageCounter()
    private var calls = TokenBucket()
    private var cost = TokenBucket()

    package init(limits: CallLimits) { self.limits = limits }

    /// The limit that a charge would pass, the one that takes longest; nil where it may go ahead.
    package func refusal(
      of charge: Charge, scope: Refusal.Scope, at now: Deadline, day: Int32
    ) -> Refusal? {
      var worst: Refusal?
      func consider(_ kind: CallLimits.Kind, _ size: Int, _ delay: Duration) {
        guard delay > worst?.delay ?? .zero else { return }
        worst = Refusal(scope: scope, kind: kind, size: size, delay: delay)
      }
      if charge.calls > 0, let limit = limits.calls {
        consider(.calls, limit.perSecond, calls.delay(of: charge.calls, within: limit, at: now))
      }
      if let limit = limits.cost {
        consider(.cost, limit.perSecond, cost.delay(of: charge.cost, within: limit, at: now))
      }
      if let quota = quotaRefusal(of: charge, scope: scope, day: day) {
        consider(quota.kind, quota.size, quota.delay)
      }
      return worst
    }

    /// The quota of the day that a charge would pass.
    package func quotaRefusal(of charge: Charge, scope: Refusal.Scope, day: Int32) -> Refusal? {
      guard limits.callsPerDay != nil || limits.costPerDay != nil else { return nil }
      let total = usage.total(on: day) + charge
      func passed(_ limit: Int?, by used: Int, _ kind: CallLimits.Kind) -> Refusal? {
        guard let limit, used > limit else { return nil }
        return Refusal(
          scope: scope, kind: kind, size: limit, delay: DayClock.untilTomorrow())
      }
      return (charge.calls > 0 ? passed(limits.callsPerDay, by: total.calls, .callsPerDay) : nil)
        ?? passed(limits.costPerDay, by: total.cost, .costPerDay)
    }

    /// Counts a charge, whether it was allowed or not. Returns whether there was no usage to tell
    /// the database before.
    package mutating func take(_ charge: Charge, at now: Deadline, day: Int32) -> Bool {
      if charge.calls > 0, let limit = limits.calls {
        calls.take(charge.calls, within: limit, at: now)
      }
      if let limit = limits.cost { cost.take(charge.cost, within: limit, at: now) }
      return usage.add(charge, on: day)
    }

    /// Whether nothing is missing: forgetting it makes no difference.
    package func isUntouched(at now: Deadline) -> Bool {
      max(calls.fullAt, cost.fullAt) <= now.uptimeNanoseconds
    }

    /// Puts other limits in force.
    package mutating func use(_ new: CallLimits, at now: Deadline) {
      if let old = limits.calls, let rate = new.calls { calls.change(from: old, to: rate, at: now) }
      if let old = limits.cost, let rate = new.cost { cost.change(from: old, to: rate, at: now) }
      limits = new
    }
  }

  package let scope: Refusal.Scope
  let state: Mutex<State>

  package init(scope: Refusal.Scope, limits: CallLimits) {
    self.scope = scope
    self.state = Mutex(State(limits: limits))
  }

  /// Counts a charge where it is allowed; otherwise counts nothing and says why.
  package func charge(_ charge: Charge, at now: Deadline, day: Int32) -> Refusal? {
    state.withLock { state in
      if let refusal = state.refusal(of: charge, scope: scope, at: now, day: day) {
        return refusal
      }
      _ = state.take(charge, at: now, day: day)
      return nil
    }
  }

  /// Puts other limits in force.
  package func use(_ limits: CallLimits) {
    state.withLock { state in
      if state.limits != limits { state.use(limits, at: .now) }
    }
  }

  /// Whether nothing is missing: forgetting it makes no difference.
  package func isUntouched(at now: Deadline) -> Bool {
    state.withLock { $0.isUntouched(at: now) }
  }
}
