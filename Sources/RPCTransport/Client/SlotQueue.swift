internal import RPCCore

/// A caller that waits for a call to end before it opens its own.
final class SlotWaiter: Sendable {
  let deadline: Deadline

  init(deadline: Deadline) { self.deadline = deadline }
}

/// Callers that wait for a slot, in order of arrival.
struct SlotQueue {
  private var waiters: [(waiter: SlotWaiter, continuation: UnsafeContinuation<Void, any Error>)] =
    []

  var isEmpty: Bool { waiters.isEmpty }

  mutating func append(_ waiter: SlotWaiter, _ continuation: UnsafeContinuation<Void, any Error>) {
    waiters.append((waiter, continuation))
  }

  /// The longest waiting caller.
  mutating func next() -> UnsafeContinuation<Void, any Error>? {
    waiters.isEmpty ? nil : waiters.removeFirst().continuation
  }

  /// A caller's task was cancelled. Returns the continuation to resume, if it waits.
  mutating func cancel(_ waiter: SlotWaiter) -> UnsafeContinuation<Void, any Error>? {
    guard let index = waiters.firstIndex(where: { $0.waiter === waiter }) else { return nil }
    return waiters.remove(at: index).continuation
  }

  /// Callers whose deadline has passed.
  mutating func expire(at now: Deadline) -> [UnsafeContinuation<Void, any Error>] {
    guard !waiters.isEmpty else { return [] }
    let expired = waiters.filter { $0.waiter.deadline <= now }.map(\.continuation)
    if !expired.isEmpty { waiters.removeAll { $0.waiter.deadline <= now } }
    return expired
  }

  /// The earliest deadline of a waiting caller.
  var earliestDeadline: Deadline { waiters.map(\.waiter.deadline).min() ?? .distantFuture }
}
