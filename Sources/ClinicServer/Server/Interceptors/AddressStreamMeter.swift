internal import RPCCore
internal import Synchronization

/// Counts the messages of one stream without credentials for its address. A stream that is faster
/// than the address's rate pauses, like those of accounts.
final class AddressStreamMeter: MessageMeter {
  private let meter: Meter
  private let charge: Charge
  private let clock: DayClock
  private let deadline: Deadline

  init(meter: Meter, cost: Int, clock: DayClock, deadline: Deadline) {
    self.meter = meter
    self.charge = Charge(cost: cost)
    self.clock = clock
    self.deadline = deadline
  }

  func count() async throws {
    let now = Deadline.now
    let day = clock.day(at: now)
    let pause = meter.state.withLock { state in
      let refusal = state.refusal(of: charge, scope: meter.scope, at: now, day: day)
      _ = state.take(charge, at: now, day: day)
      return refusal?.delay ?? .zero
    }
    guard pause > .zero else { return }
    try await Task.sleep(for: min(pause, deadline.remaining(at: now)))
  }

  // Turns are for work that takes long. What strangers may stream is answered out of memory.

  func takeTurn() async throws {}

  func giveTurnBack() {}
}
