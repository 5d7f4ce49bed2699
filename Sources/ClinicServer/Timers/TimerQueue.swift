package import Logging
internal import PostgresClient
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// Does for clinics what is due at a moment, once, whichever server does it.
///
/// A timer is a row that is set in the transaction of the change that it follows from, so none is
/// lost. A server sleeps until the next timer, and is woken where it sets an earlier one itself;
/// those that another server set and did not live to see are found at the latest after
/// ``longestSleep``. Nothing is told to the others: a notification in a transaction would have all
/// clinics' commits wait in one line.
///
/// A claim keeps servers apart for half a minute. That something is done once is up to its handler,
/// which takes the timer out, or sets it anew, in the transaction that does what is due: a server
/// that dies before its commit leaves the timer to another. What fails is put off, longer each time.
package final class TimerQueue: Sendable {
  /// Does what is due: a thing of a clinic.
  typealias Handler = @Sendable (DueTimer) async throws -> Void

  /// The longest time between two looks at the timers, unless the queue says otherwise.
  package static let longestSleep = Duration.seconds(15)

  /// The shortest, while what is due is not to be had: others are at it.
  private static let shortestSleep = Duration.milliseconds(100)

  /// The work on the timers of one kind.
  private final class Worker: Sendable {
    let kind: TimerKind
    /// The most that this server does at once.
    let width: Int
    /// The most that is done at once for one clinic, by all servers.
    let share: Int
    let handler: Handler
    let alarm = Alarm()
    let running = Atomic(0)

    init(kind: TimerKind, width: Int, share: Int, handler: @escaping Handler) {
      self.kind = kind
      self.width = width
      self.share = share
      self.handler = handler
    }
  }

  private let workers = Mutex<[TimerKind: Worker]>([:])
  private let database: Database
  private let longestSleep: Duration
  private let logger: Logger

  package init(
    database: Database, longestSleep: Duration = TimerQueue.longestSleep, logger: Logger
  ) {
    self.database = database
    self.longestSleep = longestSleep
    self.logger = logger
    database.onTimerChange { [weak self] in self?.wake($0, by: $1) }
  }

  /// Names who does what is due of a kind. To be called before ``run()``.
  ///
  /// - Parameters:
  ///   - width: The most that this server does at once.
  ///   - share: The most that is done at once for one clinic; as much as is done at all by default.
  func handle(
    _ kind: TimerKind, width: Int = 4, share: Int? = nil, _ handler: @escaping Handler
  ) {
    workers.withLock {
      $0[kind] = Worker(kind: kind, width: width, share: share ?? .max, handler: handler)
    }
  }

  /// Has this server look at the timers of a kind by a moment.
  func wake(_ kind: TimerKind, by moment: Deadline = .now) {
    workers.withLock { $0[kind] }?.alarm.ring(by: moment)
  }

  /// Does what is due until the task is cancelled.
  package func run() async {
    await withDiscardingTaskGroup { group in
      for worker in workers.withLock({ Array($0.values) }) {
        group.addTask { await self.work(worker) }
      }
    }
  }

  private func work(_ worker: Worker) async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        var pause: Duration
        do {
          let (due, next) = try await claim(worker)
          pause = next
          for timer in due {
            worker.running.add(1, ordering: .relaxed)
            group.addTask {
              await self.perform(timer, worker.handler)
              worker.running.subtract(1, ordering: .relaxed)
              worker.alarm.ring()
            }
          }
        } catch {
          guard !Task.isCancelled else { return }
          logger.warning(
            "timers not read",
            metadata: ["kind": "\(worker.kind.name)", "error": "\(ErrorText.forLog(error))"])
          pause = .seconds(1)
        }
        await worker.alarm.sleep(for: min(pause, longestSleep))
      }
    }
  }

  /// Takes what is due and can be done now, and tells when to look again.
  private func claim(_ worker: Worker) async throws -> (due: [DueTimer], next: Duration) {
    let free = worker.width - worker.running.load(ordering: .relaxed)
    // The end of what is under way rings.
    guard free > 0 else { return ([], longestSleep) }
    let results = try await database.client.pipeline(
      [
        TimerStatements.claim(worker.kind.name, Int32(free), Int32(clamping: worker.share)),
        TimerStatements.next(worker.kind.name)
      ], deadline: Deadline.after(.seconds(10)).postgres)
    let due = try (0..<results[0].count).map { index in
      let (companyID, subjectID) = try results[0][index].decode(UUID.self, UUID.self)
      return DueTimer(kind: worker.kind, companyID: companyID, subjectID: subjectID)
    }
    let next = try results[1][0].decode(0, as: Int64?.self).map { Duration.microseconds($0) }
    guard let next, due.count < free else { return (due, longestSleep) }
    return (due, next > .zero ? next : Self.shortestSleep)
  }

  private func perform(_ timer: DueTimer, _ handler: Handler) async {
    do {
      try await handler(timer)
    } catch {
      // Of what was begun by a server that stops, another takes up what is left.
      guard !Task.isCancelled else { return }
      logger.warning(
        "a timer failed",
        metadata: [
          "kind": "\(timer.kind.name)", "company": "\(timer.companyID.text)",
          "error": "\(ErrorText.forLog(error))"
        ])
      // Where even this fails, the claim ends by itself.
      _ = try? await database.client.query(
        TimerStatements.postpone(timer.companyID, timer.kind.name, timer.subjectID),
        after: TenancyStatements.enter(timer.companyID),
        deadline: Deadline.after(.seconds(5)).postgres)
    }
  }
}
