package import RPCCore
internal import Synchronization
package import struct Foundation.UUID

/// A caller's limits and usage on this server: those of an account of staff, or of an API key.
package final class CallerMeter: Sendable {
  package let id: UUID
  package let clinic: ClinicMeter
  package let meter: Meter
  private let limits: Mutex<Limits>

  private struct Limits {
    /// Of each caller of the clinic, as the platform set them.
    var each: CallLimits
    /// Of this one, as its clinic did: they cannot lift the platform's.
    var own = KeyLimits()

    var effective: CallLimits { each.lowered(to: own.limits) }
  }

  init(id: UUID, scope: Refusal.Scope, clinic: ClinicMeter, each: CallLimits) {
    self.id = id
    self.clinic = clinic
    self.meter = Meter(scope: scope, limits: each)
    self.limits = Mutex(Limits(each: each))
  }

  /// Puts other limits of each caller of the clinic in force.
  func use(each: CallLimits) {
    limits.withLock { limits in
      limits.each = each
      meter.use(limits.effective)
    }
  }

  /// Puts other limits of this caller in force, unless later ones are.
  package func use(_ own: KeyLimits) {
    limits.withLock { limits in
      guard own.version > limits.own.version else { return }
      limits.own = own
      meter.use(limits.effective)
    }
  }

  /// What came of a charge.
  package enum Outcome: Sendable, Hashable {
    /// Counted; `isFirst` where the caller had nothing to tell the database before.
    case counted(isFirst: Bool)
    case refused(Refusal)
  }

  /// Counts a charge for the caller and its clinic where both allow it; otherwise for neither.
  package func charge(_ charge: Charge, at now: Deadline, day: Int32) -> Outcome {
    meter.state.withLock { own in
      clinic.meter.state.withLock { whole in
        let one = own.refusal(of: charge, scope: meter.scope, at: now, day: day)
        let other = whole.refusal(of: charge, scope: .clinic, at: now, day: day)
        if let worst = (one?.delay ?? .zero) > (other?.delay ?? .zero) ? one : other {
          return .refused(worst)
        }
        _ = whole.take(charge, at: now, day: day)
        return .counted(isFirst: own.take(charge, at: now, day: day))
      }
    }
  }

  /// Counts a message of a stream, and returns how long the stream has to pause before it goes on;
  /// refused only by a quota, which no pause can mend.
  package func pace(
    _ charge: Charge, at now: Deadline, day: Int32
  ) -> (outcome: Outcome, pause: Duration) {
    meter.state.withLock { own in
      clinic.meter.state.withLock { whole in
        if let refusal = own.quotaRefusal(of: charge, scope: meter.scope, day: day)
          ?? whole.quotaRefusal(of: charge, scope: .clinic, day: day)
        {
          return (.refused(refusal), .zero)
        }
        let pause = max(
          own.refusal(of: charge, scope: meter.scope, at: now, day: day)?.delay ?? .zero,
          whole.refusal(of: charge, scope: .clinic, at: now, day: day)?.delay ?? .zero)
        _ = whole.take(charge, at: now, day: day)
        return (.counted(isFirst: own.take(charge, at: now, day: day)), pause)
      }
    }
  }
}
