package import RPCCore
internal import Synchronization
package import struct Foundation.UUID

/// A caller's limits and usage on this server.
package final class CallerMeter: Sendable {
  package let id: UUID
  package let clinic: ClinicMeter
  package let meter: Meter

  init(id: UUID, clinic: ClinicMeter, meter: Meter) {
    self.id = id
    self.clinic = clinic
    self.meter = meter
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
