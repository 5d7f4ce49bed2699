internal import RPCCore

/// Counts the messages of one stream. A stream that is faster than its caller's rate pauses, which
/// holds its other side back through flow control; one that uses up a day's quota ends.
final class StreamMeter: MessageMeter {
  private let meters: CallMeters
  private let account: AccountMeter
  private let cost: Int
  private let deadline: Deadline

  init(meters: CallMeters, account: AccountMeter, cost: Int, deadline: Deadline) {
    self.meters = meters
    self.account = account
    self.cost = cost
    self.deadline = deadline
  }

  func count() async throws {
    let now = Deadline.now
    let (outcome, pause) = account.pace(
      Charge(cost: cost), at: now, day: meters.clock.day(at: now))
    try meters.note(outcome, of: account)
    guard pause > .zero else { return }
    try await Task.sleep(for: min(pause, deadline.remaining(at: now)))
  }
}
