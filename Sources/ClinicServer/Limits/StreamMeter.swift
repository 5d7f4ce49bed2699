internal import RPCCore
internal import Synchronization

/// Counts the messages of one stream. A stream that is faster than its caller's rate pauses, which
/// holds its other side back through flow control; one that uses up a day's quota ends. What it
/// does between two messages takes a turn among the streams of all clinics.
final class StreamMeter: MessageMeter {
  /// A stream keeps what it has while it waits, such as a connection to the database, and others may
  /// wait for that in their turn: so it waits this long, and then goes on all the same.
  private static let longestWait = Duration.milliseconds(500)

  private let meters: CallMeters
  private let caller: CallerMeter
  private let cost: Int
  private let deadline: Deadline
  private let hasTurn = Mutex(false)

  init(meters: CallMeters, caller: CallerMeter, cost: Int, deadline: Deadline) {
    self.meters = meters
    self.caller = caller
    self.cost = cost
    self.deadline = deadline
  }

  func count() async throws {
    let now = Deadline.now
    let (outcome, pause) = caller.pace(
      Charge(cost: cost), at: now, day: meters.clock.day(at: now))
    try meters.note(outcome, of: caller)
    guard pause > .zero else { return }
    try await Task.sleep(for: min(pause, deadline.remaining(at: now)))
  }

  func takeTurn() async throws {
    let (turns, lane) = (meters.streamTurns, caller.clinic.streamLane)
    if !turns.start(lane, cost: cost, at: .now) {
      guard try await turns.wait(lane, cost: cost, atMost: Self.longestWait) else { return }
    }
    // Of a stream that reads and writes at once, one side's turn is enough.
    let isSecond = hasTurn.withLock { hasTurn in
      defer { hasTurn = true }
      return hasTurn
    }
    if isSecond { turns.end(lane) }
  }

  func giveTurnBack() {
    let had = hasTurn.withLock { hasTurn in
      defer { hasTurn = false }
      return hasTurn
    }
    if had { meters.streamTurns.end(caller.clinic.streamLane) }
  }
}
