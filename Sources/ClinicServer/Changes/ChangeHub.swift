internal import ClinicContracts
package import Logging
internal import PostgresClient
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// Brings the changes of clinics to those who watch them on this server, whichever server made them.
///
/// Nothing is asked of the database while nothing changes, but for a heartbeat: a clinic's log is
/// read when an announcement says that it has grown, once for all of its watchers, from where it
/// was read to before. Announcements only say when to look; what is delivered is always the log
/// itself, by its sequence, so a lost or repeated announcement makes no gap and no duplicate.
package final class ChangeHub: Sendable {
  /// How often watched logs are looked at without an announcement: for the changes of a server that
  /// was killed between a commit and its announcement. Watchers look at their clock as often.
  static let heartbeat = Duration.seconds(30)

  private struct State {
    var feeds: [UUID: ChangeFeed] = [:]
    var lastWaiter: UInt64 = 0
    var isFinished = false
  }

  private let state = Mutex(State())
  /// The clinics whose logs are to be read.
  private let (readings, read) = AsyncStream.makeStream(of: UUID.self)
  fileprivate let database: Database
  private let logger: Logger

  package init(database: Database, logger: Logger) {
    self.database = database
    self.logger = logger
    database.announcer.onAnnouncement { [weak self] in self?.announced($0, $1) }
  }

  // MARK: Watching

  /// Watches a clinic's log for the time of `body`.
  func watching<Result>(
    _ companyID: UUID, _ body: (ChangeWatch) async throws -> Result
  ) async throws -> Result {
    let mustRead = try state.withLock { state in
      guard !state.isFinished else { throw Self.stopping }
      state.feeds[companyID, default: ChangeFeed()].watchers += 1
      return state.feeds[companyID]?.demand() ?? false
    }
    defer {
      state.withLock { state in
        state.feeds[companyID]?.watchers -= 1
        if state.feeds[companyID]?.watchers == 0 { state.feeds[companyID] = nil }
      }
    }
    if mustRead { read.yield(companyID) }
    return try await body(ChangeWatch(hub: self, companyID: companyID))
  }

  /// What follows a place in the log; waits while there is nothing, until a moment has come.
  fileprivate func next(
    after place: Int64, in companyID: UUID, until end: Deadline
  ) async throws -> ChangeFeed.Finding {
    var hasAsked = false
    while true {
      try Task.checkCancellation()
      let (finding, isAhead, isFinished) = state.withLock { state in
        let feed = state.feeds[companyID]
        return (
          feed?.entries(after: place) ?? .nothing, (feed?.position).map { $0 < place } ?? false,
          state.isFinished
        )
      }
      guard !isFinished else { throw Self.stopping }
      guard case .nothing = finding, !end.hasPassed else { return finding }
      if isAhead, !hasAsked {
        // The caller has it from another server, whose announcement is still under way.
        hasAsked = true
        demand(companyID)
      }
      await news(after: place, in: companyID)
    }
  }

  /// Returns when there may be something behind a place, or the task is cancelled.
  private func news(after place: Int64, in companyID: UUID) async {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waits = state.withLock { state in
          guard !state.isFinished, !Task.isCancelled, let feed = state.feeds[companyID],
            case .nothing = feed.entries(after: place)
          else { return false }
          state.feeds[companyID]?.waiters[id] = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.feeds[companyID]?.waiters.removeValue(forKey: id) }?.resume()
    }
  }

  private static let stopping = RPCError.unavailable(
    "The server stops: go on with another call after the last sequence", reason: "SERVER_STOPPING",
    retryAfter: .milliseconds(100))

  // MARK: Announcements

  private func announced(_ companyID: UUID, _ sequence: Int64) {
    let mustRead = state.withLock { $0.feeds[companyID]?.announce(sequence) ?? false }
    if mustRead { read.yield(companyID) }
  }

  private func demand(_ companyID: UUID) {
    let mustRead = state.withLock { $0.feeds[companyID]?.demand() ?? false }
    if mustRead { read.yield(companyID) }
  }

  private func demandAll() {
    for companyID in state.withLock({ Array($0.feeds.keys) }) { demand(companyID) }
  }

  /// Hears announcements and reads logs until the task is cancelled; then the watches end.
  package func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.listen() }
      group.addTask {
        while (try? await Task.sleep(for: Self.heartbeat)) != nil {
          self.demandAll()
          self.wakeAll()
        }
      }
      for await companyID in readings {
        group.addTask { await self.readLog(of: companyID) }
      }
    }
    state.withLock { $0.isFinished = true }
    wakeAll()
  }

  /// Has all who wait look again.
  private func wakeAll() {
    let waiters = state.withLock { state in
      state.feeds.keys.flatMap { state.feeds[$0]?.takeWaiters() ?? [] }
    }
    for waiter in waiters { waiter.resume() }
  }

  private func listen() async {
    for await event in database.client.notifications([ChangeAnnouncer.channel]) {
      switch event {
      case .gap:
        // Whatever was announced before is unknown; the logs themselves are not.
        demandAll()
      case .notification(let notification):
        for (companyID, sequence) in ChangeAnnouncer.ends(in: notification.payload) {
          announced(companyID, sequence)
        }
      }
    }
  }

  // MARK: Reading

  /// Reads a clinic's log up to its end. One at a time for each clinic.
  private func readLog(of companyID: UUID) async {
    var delay = Duration.milliseconds(50)
    while let step = state.withLock({ $0.feeds[companyID]?.nextStep() }) {
      do {
        try await perform(step, in: companyID)
        delay = .milliseconds(50)
      } catch {
        logger.warning(
          "change log not read", metadata: ["error": "\(ErrorText.forLog(error))"])
        state.withLock { $0.feeds[companyID]?.retry() }
        guard (try? await Task.sleep(for: delay)) != nil else { return }
        delay = min(delay * 2, .seconds(2))
      }
    }
  }

  private func perform(_ step: ReadingStep, in companyID: UUID) async throws {
    switch step {
    case .end:
      let end = try await ChangeLog.end(in: companyID, of: database)
      update(companyID) { $0.begin(at: end) }
    case .entries(let place):
      let entries = try await ChangeLog.entries(
        after: place, limit: ChangeLog.page, in: companyID, of: database)
      update(companyID) { $0.append(entries, isWhole: entries.count < ChangeLog.page) }
    }
  }

  /// Changes a feed and wakes those who wait for it.
  private func update(_ companyID: UUID, _ change: (inout ChangeFeed) -> Void) {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      let before = state.feeds[companyID]?.position
      state.feeds[companyID]?.apply(change)
      guard state.feeds[companyID]?.position != before else { return [] }
      return state.feeds[companyID]?.takeWaiters() ?? []
    }
    for waiter in waiters { waiter.resume() }
  }
}

/// One watcher of a clinic's log.
struct ChangeWatch: Sendable {
  fileprivate let hub: ChangeHub
  fileprivate let companyID: UUID

  /// The entries behind a place, at most ``ChangeFeed/page``; waits while there are none.
  ///
  /// - Parameter end: When to give up, give or take ``ChangeHub/heartbeat``, with no entries.
  func entries(
    after place: Int64, until end: Deadline = .distantFuture
  ) async throws -> [ChangeEntry] {
    switch try await hub.next(after: place, in: companyID, until: end) {
    case .entries(let entries): entries
    case .nothing: []
    case .tooOld:
      try await ChangeLog.entries(
        after: place, limit: ChangeFeed.page, in: companyID, of: hub.database)
    }
  }
}
