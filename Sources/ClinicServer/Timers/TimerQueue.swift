package import Logging
internal import PostgresClient
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// Does for clinics what is due at a moment, once, whichever server does it.
///
/// A timer is a row that its slice sets in the transaction of the change that it follows from. A
/// server sleeps until the next timer, and is woken when it sets an earlier one itself. Timers that
/// another server set and did not live to see are found at the latest after ``longestSleep``.
///
/// A claim keeps servers apart; that something is done once is up to its handler, which locks the
/// thing, looks whether it is still due, and sets the next timer in the same transaction.
package final class TimerQueue: Sendable {
  /// What is due: a thing of a clinic.
  typealias Handler = @Sendable (_ companyID: UUID, _ subjectID: UUID) async throws -> Void

  /// The longest time between two looks at the timers.
  static let longestSleep = Duration.seconds(15)

  private static let page = 100

  private enum Statements {
    static let set = SQLStatement(
      "timers.set", "select clinic.set_timer($1::uuid, $2::text, $3::uuid, $4::timestamptz)")
    static let claim = SQLStatement(
      "timers.claim",
      "select company_id, subject_id from clinic.claim_timers($1::text, $2::int4)")
    static let next = SQLStatement("timers.next", "select clinic.next_timer($1::text)")
  }

  private struct State {
    var handlers: [String: Handler] = [:]
    /// The first timer that was set since the timers were last looked at.
    var firstSet: Deadline?
    /// Ends the sleep that is under way.
    var wake: (until: Deadline, AsyncStream<Void>.Continuation)?
  }

  private let state = Mutex(State())
  private let database: Database
  private let logger: Logger

  package init(database: Database, logger: Logger) {
    self.database = database
    self.logger = logger
  }

  /// Names who does what is due for a kind of thing.
  func handle(_ kind: String, _ handler: @escaping Handler) {
    state.withLock { $0.handlers[kind] = handler }
  }

  /// Sets the timer of a thing, or takes it away, with the transaction.
  func set(_ kind: String, _ subjectID: UUID, to moment: PostgresTimestamp?, by mutation: Mutation)
  {
    mutation.enqueue(Statements.set(mutation.companyID, kind, subjectID, moment))
    guard let moment else { return }
    // A little late rather than before the commit; a look too many does no harm.
    let due = Deadline.after(
      max(moment.duration(since: mutation.now), .zero) + .milliseconds(20))
    let wake = state.withLock { state in
      state.firstSet = min(state.firstSet ?? due, due)
      return state.wake.flatMap { due < $0.until ? $0.1 : nil }
    }
    wake?.yield()
  }

  /// Does what is due until the task is cancelled.
  package func run() async {
    while !Task.isCancelled {
      var sleep = Self.longestSleep
      for (kind, handler) in state.withLock({ $0.handlers }) {
        do {
          sleep = min(sleep, try await work(kind, handler))
        } catch is CancellationError {
          return
        } catch {
          logger.warning(
            "timers not read",
            metadata: ["kind": "\(kind)", "error": "\(ErrorText.forLog(error))"])
          sleep = min(sleep, .seconds(1))
        }
      }
      await rest(sleep)
    }
  }

  /// Sleeps for a while, or until the first of the timers that were set meanwhile.
  private func rest(_ duration: Duration) async {
    // A stream of this sleep's own: one whose reader was cancelled is over for good.
    let (wakes, wake) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let end = Deadline.after(duration)
    let until = state.withLock { state in
      let until = min(end, state.firstSet ?? end)
      state.firstSet = nil
      state.wake = (until, wake)
      return until
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await Task.sleep(for: until.remaining) }
      group.addTask {
        for await _ in wakes { return }
      }
      await group.next()
      group.cancelAll()
    }
    state.withLock { $0.wake = nil }
  }

  /// Does what is due of one kind, and tells how long nothing will be.
  private func work(_ kind: String, _ handler: Handler) async throws -> Duration {
    while true {
      let results = try await database.client.pipeline(
        [Statements.claim(kind, Int32(Self.page)), Statements.next(kind)],
        deadline: Deadline.after(.seconds(10)).postgres)
      let due = results[0]
      for index in 0..<due.count {
        try Task.checkCancellation()
        let (companyID, subjectID) = try due[index].decode(UUID.self, UUID.self)
        do {
          try await handler(companyID, subjectID)
        } catch {
          // The claim ends by itself, and the timer is taken again.
          logger.warning(
            "a timer failed",
            metadata: ["kind": "\(kind)", "error": "\(ErrorText.forLog(error))"])
        }
      }
      if due.count == Self.page { continue }
      let microseconds = try results[1][0].decode(0, as: Int64?.self)
      guard due.count == 0 else { continue }
      return microseconds.map { .microseconds(max($0, 1_000)) } ?? Self.longestSleep
    }
  }
}
