package import NIOCore
internal import NIOPosix
internal import Synchronization

/// Runs the tasks of an event loop's connections on that loop: jobs queued together run in one
/// turn, and what they wrote leaves in one flush per connection after them.
package final class LoopExecutor: TaskExecutor {
  /// The loop.
  package let eventLoop: any EventLoop

  private struct Queue {
    var jobs: [UnownedJob] = []
    var isScheduled = false
  }

  /// Jobs queued from other threads.
  private let remote = Mutex(Queue())
  /// What only the loop's own thread touches.
  private let local: LoopLocal<LoopState>

  private struct LoopState {
    var jobs: [UnownedJob] = []
    var spare: [UnownedJob] = []
    var unflushed: [any Flushable] = []
    /// What the jobs of this turn left for its end.
    var endings: [() -> Void] = []
    var isScheduled = false
    var isInTurn = false
    /// Tasks that wait for something to run; nil once none is kept any more.
    var idleWorkers: [LoopWorker]? = []
  }

  /// The executor whose turns a thread runs.
  private static let current = ThreadSpecificVariable<LoopExecutor>()

  package init(eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    self.local = LoopLocal(LoopState(), on: eventLoop)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if eventLoop.inEventLoop {
      local.value.jobs.append(job)
      scheduleLocally()
      return
    }
    let schedules = remote.withLock { queue in
      queue.jobs.append(job)
      defer { queue.isScheduled = true }
      return !queue.isScheduled
    }
    if schedules { eventLoop.execute { self.runRemote() } }
  }

  // MARK: Workers

  /// Idle tasks that are kept at most; each has some 16 KiB.
  private static let idleWorkerLimit = 64

  /// Runs an operation in a task of the loop, one that is there or a new one. On the loop only.
  func start(_ operation: @escaping LoopWorker.Operation) -> LoopTask {
    let worker = local.value.idleWorkers?.popLast() ?? LoopWorker(executor: self)
    return worker.start(operation)
  }

  /// Keeps an idle worker for the next operation; false if it is not needed. On the loop only.
  func keep(_ worker: LoopWorker) -> Bool {
    guard let count = local.value.idleWorkers?.count, count < Self.idleWorkerLimit else {
      return false
    }
    local.value.idleWorkers?.append(worker)
    return true
  }

  /// Ends the tasks that wait, and those that run when they are done. Returns when the first have.
  func endIdleWorkers() async {
    let tasks = try? await eventLoop.submit { [local] in
      (local.value.idleWorkers.take() ?? []).compactMap { $0.endIfIdle() }
    }.get()
    for task in tasks ?? [] { await task.value }
  }

  // MARK: Turns

  /// Has a connection flushed once after this turn's jobs. On the loop only.
  func flushLater(_ connection: any Flushable) {
    local.value.unflushed.append(connection)
    scheduleLocally()
  }

  /// Has a closure run once the jobs of this thread's turn have run, before what they wrote leaves.
  /// Returns false on a thread that is in no turn.
  package static func atEndOfTurn(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let executor = current.currentValue, executor.local.value.isInTurn else { return false }
    executor.local.value.endings.append(body)
    return true
  }

  private func scheduleLocally() {
    guard !local.value.isScheduled else { return }
    local.value.isScheduled = true
    eventLoop.execute { self.runLocal() }
  }

  private func runRemote() {
    beginTurn()
    var jobs = remote.withLock { queue in
      queue.isScheduled = false
      var jobs = takeSpare()
      swap(&jobs, &queue.jobs)
      return jobs
    }
    run(&jobs)
    local.value.spare = jobs
    runLocal()
  }

  private func beginTurn() {
    local.value.isScheduled = true
    local.value.isInTurn = true
    if Self.current.currentValue !== self { Self.current.currentValue = self }
  }

  /// Rounds of jobs before the loop gets to look at its sockets again, so that tasks that keep
  /// yielding to each other do not starve them.
  private static let roundsPerTurn = 16

  /// Runs jobs until none is left, then flushes.
  private func runLocal() {
    beginTurn()
    var rounds = 0
    while !local.value.jobs.isEmpty, rounds < Self.roundsPerTurn {
      rounds += 1
      var jobs = takeSpare()
      swap(&jobs, &local.value.jobs)
      run(&jobs)
      local.value.spare = jobs
    }
    local.value.isScheduled = false
    if !local.value.jobs.isEmpty { scheduleLocally() }
    local.value.isInTurn = false
    if !local.value.endings.isEmpty {
      var endings: [() -> Void] = []
      swap(&endings, &local.value.endings)
      for ending in endings { ending() }
    }
    guard !local.value.unflushed.isEmpty else { return }
    var connections: [any Flushable] = []
    swap(&connections, &local.value.unflushed)
    for connection in connections { connection.flushNow() }
  }

  private func run(_ jobs: inout [UnownedJob]) {
    let executor = asUnownedTaskExecutor()
    for job in jobs { job.runSynchronously(on: executor) }
    jobs.removeAll(keepingCapacity: true)
  }

  private func takeSpare() -> [UnownedJob] {
    var jobs: [UnownedJob] = []
    swap(&jobs, &local.value.spare)
    return jobs
  }
}

/// Something whose output is collected and written at the end of a turn of its loop.
package protocol Flushable: AnyObject {
  /// Writes what was collected.
  func flushNow()
}
