import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RPCTransport

@Suite("Tasks of a loop that run one operation after another", .timeLimit(.minutes(1)))
struct LoopWorkerTests {
  @Test("take the next operation when they have ended one")
  func taken() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let tasks = Seen()
    for number in 1...3 {
      try await Self.start(on: executor) { tasks.note() }
      try await eventually { tasks.count == number }
    }
    #expect(tasks.distinct == 1)
    await executor.endIdleWorkers()
  }

  @Test("are as many as operations that run at once")
  func several() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let tasks = Seen()
    let gate = Gate()
    for _ in 0..<100 {
      try await Self.start(on: executor) {
        tasks.note()
        await gate.wait()
      }
    }
    try await eventually { tasks.count == 100 }
    #expect(tasks.distinct == 100)
    gate.open()
    await executor.endIdleWorkers()
  }

  @Test("are not used again after their operation was cancelled")
  func cancelled() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let tasks = Seen()
    let running = try await Self.start(on: executor) {
      try? await Task.sleep(for: .seconds(600))
      tasks.note()
    }
    try await executor.eventLoop.submit { running.cancel() }.get()
    try await eventually { tasks.count == 1 }
    #expect(tasks.cancelled == 1)
    try await Self.start(on: executor) { tasks.note() }
    try await eventually { tasks.count == 2 }
    #expect(tasks.cancelled == 1)
    await executor.endIdleWorkers()
  }

  @Test("do not cancel an operation for one that has ended")
  func late() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let tasks = Seen()
    let ended = try await Self.start(on: executor) { tasks.note() }
    try await eventually { tasks.count == 1 }
    let gate = Gate()
    try await Self.start(on: executor) {
      await gate.wait()
      tasks.note()
    }
    try await executor.eventLoop.submit { ended.cancel() }.get()
    gate.open()
    try await eventually { tasks.count == 2 }
    #expect(tasks.cancelled == 0 && tasks.distinct == 1)
    await executor.endIdleWorkers()
  }

  @Test("end with their loop's server, after what they run")
  func ended() async throws {
    let executor = LoopExecutor(eventLoop: TestServer.clients.next())
    let tasks = Seen()
    let gate = Gate()
    try await Self.start(on: executor) { tasks.note() }
    try await eventually { tasks.count == 1 }
    try await Self.start(on: executor) {
      await gate.wait()
      tasks.note()
    }
    await executor.endIdleWorkers()
    gate.open()
    try await eventually { tasks.count == 2 }
    // Nobody is kept any more, and operations run all the same.
    for number in 3...4 {
      try await Self.start(on: executor) { tasks.note() }
      try await eventually { tasks.count == number }
    }
  }

  @discardableResult
  private static func start(
    on executor: LoopExecutor, _ operation: @escaping LoopWorker.Operation
  ) async throws -> LoopTask {
    try await executor.eventLoop.submit { executor.start(operation) }.get()
  }
}

/// The tasks that ran operations.
private final class Seen: Sendable {
  private let state = Mutex((tasks: [Int](), cancelled: 0))

  var count: Int { state.withLock { $0.tasks.count } }
  var distinct: Int { state.withLock { Set($0.tasks).count } }
  var cancelled: Int { state.withLock { $0.cancelled } }

  func note() {
    let task = withUnsafeCurrentTask { $0?.hashValue ?? 0 }
    state.withLock { state in
      state.tasks.append(task)
      if Task.isCancelled { state.cancelled += 1 }
    }
  }
}

/// Lets operations pass once it is open.
private final class Gate: Sendable {
  private let state = Mutex((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
