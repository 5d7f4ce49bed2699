import RPCCore
import Synchronization
import Testing

@testable import ClinicServer

@Suite("Calls that wait for their turn", .timeLimit(.minutes(1)))
struct TurnsTests {
  private func turns(_ limits: TurnLimits) -> Turns { Turns(limits: limits) }

  /// Calls that run, the most that ever did, and those that ended.
  private final class Counts: Sendable {
    private let state = Mutex((running: 0, most: 0, done: 0))

    var most: Int { state.withLock { $0.most } }
    var done: Int { state.withLock { $0.done } }

    func begin() {
      state.withLock { state in
        state.running += 1
        state.most = max(state.most, state.running)
      }
    }

    func end() {
      state.withLock { state in
        state.running -= 1
        state.done += 1
      }
    }
  }

  /// Runs a call as the interceptor does.
  private func call(_ turns: Turns, _ lane: Turns.Lane, _ body: () async throws -> Void)
    async throws
  {
    if !turns.start(lane, cost: 1, at: .now) { try await turns.wait(lane, cost: 1) }
    defer { turns.end(lane) }
    try await body()
  }

  @Test("never run more than there are places, and all of them run")
  func bound() async throws {
    let turns = turns(TurnLimits(alone: 5, shared: 3))
    let lanes = (0..<4).map { _ in Turns.Lane(weight: 1) }
    let counts = Counts()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<400 {
        group.addTask {
          try await call(turns, lanes[index % 4]) {
            counts.begin()
            await Task.yield()
            counts.end()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(counts.done == 400 && (1...5).contains(counts.most))
    #expect(turns.counts == (0, 0))
  }

  @Test("leave the queue at once when they are cancelled")
  func cancellation() async throws {
    let turns = turns(TurnLimits(alone: 1, shared: 1))
    let lane = Turns.Lane(weight: 1)
    #expect(turns.start(lane, cost: 1, at: .now))
    // Unstructured, to be cancelled one by one.
    let waiting = (0..<10).map { _ in
      Task { try await call(turns, lane) {} }
    }
    while turns.counts.waiting < 10 { await Task.yield() }
    for task in waiting.dropFirst(2) { task.cancel() }
    for task in waiting.dropFirst(2) {
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    #expect(turns.counts.waiting == 2)
    turns.end(lane)
    for task in waiting.prefix(2) { try await task.value }
    #expect(turns.counts == (0, 0))
  }

  @Test("do not wait at all where they were cancelled before")
  func cancelledBefore() async throws {
    let turns = turns(TurnLimits(alone: 1, shared: 1))
    let lane = Turns.Lane(weight: 1)
    #expect(turns.start(lane, cost: 1, at: .now))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await turns.wait(lane, cost: 1)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(turns.counts == (1, 0))
  }

  @Test("wait for as long as they are told, and keep no place that they did not take")
  func boundedWait() async throws {
    let turns = turns(TurnLimits(alone: 1, shared: 1))
    let lane = Turns.Lane(weight: 1)
    #expect(turns.start(lane, cost: 1, at: .now))
    #expect(try await turns.wait(lane, cost: 1, atMost: .milliseconds(20)) == false)
    #expect(turns.counts == (1, 0))
    async let came = turns.wait(lane, cost: 1, atMost: .seconds(30))
    while turns.counts.waiting < 1 { await Task.yield() }
    turns.end(lane)
    #expect(try await came)
    #expect(turns.counts == (1, 0))
    // Unstructured, to be cancelled.
    let task = Task { try await turns.wait(lane, cost: 1, atMost: .seconds(30)) }
    while turns.counts.waiting < 1 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    turns.end(lane)
    #expect(turns.counts == (0, 0))
  }

  @Test("are refused, with a time to come back, where too many wait")
  func full() async throws {
    let turns = turns(TurnLimits(alone: 1, shared: 1, waiting: 1))
    let lane = Turns.Lane(weight: 1)
    #expect(turns.start(lane, cost: 1, at: .now))
    // Unstructured, so that the next call comes while it waits.
    let first = Task { try await call(turns, lane) {} }
    while turns.counts.waiting < 1 { await Task.yield() }
    let error = await failure { try await turns.wait(lane, cost: 1) }
    #expect(error?.code == .resourceExhausted && error?.reason == "QUEUE_FULL")
    #expect(error?.retryDelay == .milliseconds(250))
    turns.end(lane)
    try await first.value
  }
}
