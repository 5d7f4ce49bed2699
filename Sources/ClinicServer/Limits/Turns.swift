package import RPCCore
internal import Synchronization

/// Has calls wait until it is their turn. Where there is room, coming and going cost a lock each,
/// and nothing is allocated.
package final class Turns: Sendable {
  package typealias Lane = FairQueue<TurnWaiter>.Lane

  private let queue: Mutex<FairQueue<TurnWaiter>>

  package init(limits: TurnLimits) {
    queue = Mutex(FairQueue(limits: limits))
  }

  /// Calls that run, and calls that wait.
  package var counts: (executing: Int, waiting: Int) {
    queue.withLock { ($0.executing, $0.waitingCount) }
  }

  /// Whether a call may go on at once. If it may, ``end(_:)`` follows; if not, ``wait(_:cost:)``.
  package func start(_ lane: Lane, cost: Int, at now: Deadline) -> Bool {
    queue.withLock { $0.start(lane, cost: cost, at: now.uptimeNanoseconds) }
  }

  /// Returns when it is the call's turn; ``end(_:)`` follows.
  ///
  /// - Throws: ``RPCStatusCode/resourceExhausted`` where too many calls of the lane wait, and
  ///   `CancellationError` as soon as the task is cancelled: its caller gave up, or its deadline
  ///   passed.
  package func wait(_ lane: Lane, cost: Int) async throws {
    let waiter = TurnWaiter()
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let answer: Result<Void, any Error>? = queue.withLock { queue in
          if waiter.isCancelled { return .failure(CancellationError()) }
          if queue.start(lane, cost: cost, at: Deadline.now.uptimeNanoseconds) {
            return .success(())
          }
          guard queue.wait(lane, cost: cost, as: waiter) else {
            return .failure(Self.refusal(limit: queue.limits.waiting))
          }
          waiter.continuation = continuation
          return nil
        }
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      let continuation = queue.withLock { queue in
        waiter.isCancelled = true
        return queue.leave(lane, waiter) ? waiter.continuation.take() : nil
      }
      continuation?.resume(throwing: CancellationError())
    }
  }

  /// Waits for the turn, but not for long. Returns whether it came; if so, ``end(_:)`` follows.
  package func wait(_ lane: Lane, cost: Int, atMost limit: Duration) async throws -> Bool {
    let came = try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        do {
          try await self.wait(lane, cost: cost)
          return true
        } catch is CancellationError {
          return false
        }
      }
      group.addTask {
        try? await Task.sleep(for: limit)
        return false
      }
      var came = false
      while let result = try await group.next() {
        came = came || result
        // Either came first; a turn that came meanwhile counts all the same.
        group.cancelAll()
      }
      return came
    }
    if Task.isCancelled {
      if came { end(lane) }
      throw CancellationError()
    }
    return came
  }

  /// A call that was let go on has ended.
  package func end(_ lane: Lane) {
    let somebodyWaits = queue.withLock { queue in
      queue.end(lane)
      return queue.waitingCount > 0
    }
    if somebodyWaits { startWaiting() }
  }

  /// Changes a lane's weight.
  package func setWeight(_ weight: Int, of lane: Lane) {
    queue.withLock { $0.setWeight(weight, of: lane) }
  }

  private func startWaiting() {
    let now = Deadline.now.uptimeNanoseconds
    while let continuation = queue.withLock({ $0.next(at: now)?.continuation.take() }) {
      continuation.resume()
    }
  }

  /// Long enough for some of those before it to be done.
  private static func refusal(limit: Int) -> RPCError {
    .resourceExhausted(
      "\(limit) calls of the clinic wait for their turn already", reason: "QUEUE_FULL",
      metadata: ["scope": "clinic", "limit": "waiting_calls", "size": "\(limit)"],
      retryAfter: .milliseconds(250))
  }
}

/// A call that waits for its turn.
///
/// `@unchecked Sendable`: touched under the lock of its queue only.
package final class TurnWaiter: @unchecked Sendable {
  fileprivate var continuation: UnsafeContinuation<Void, any Error>?
  fileprivate var isCancelled = false
}
