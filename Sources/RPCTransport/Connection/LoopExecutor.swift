package import NIOCore
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
    var isScheduled = false
  }

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

  /// Has a connection flushed once after this turn's jobs. On the loop only.
  func flushLater(_ connection: any Flushable) {
    local.value.unflushed.append(connection)
    scheduleLocally()
  }

  private func scheduleLocally() {
    guard !local.value.isScheduled else { return }
    local.value.isScheduled = true
    eventLoop.execute { self.runLocal() }
  }

  private func runRemote() {
    local.value.isScheduled = true
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

  /// Rounds of jobs before the loop gets to look at its sockets again, so that tasks that keep
  /// yielding to each other do not starve them.
  private static let roundsPerTurn = 16

  /// Runs jobs until none is left, then flushes.
  private func runLocal() {
    local.value.isScheduled = true
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
