internal import Logging
internal import PostgresClient
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// Has endpoints look at their logs when this server changed something in their clinics: many
/// changes in one statement, after their commits.
final class WebhookWaker: Sendable {
  /// The least time between two statements of this server.
  private static let interval = Duration.milliseconds(20)

  private let waiting = Mutex<Set<UUID>>([])
  private let (wakes, wake) = AsyncStream.makeStream(
    of: Void.self, bufferingPolicy: .bufferingNewest(1))
  private let database: Database
  private let timers: TimerQueue
  private let logger: Logger

  init(database: Database, timers: TimerQueue, logger: Logger) {
    self.database = database
    self.timers = timers
    self.logger = logger
    database.announcer.onAnnouncement { [weak self] companyID, _ in self?.changed(companyID) }
  }

  private func changed(_ companyID: UUID) {
    waiting.withLock { _ = $0.insert(companyID) }
    wake.yield()
  }

  /// Wakes endpoints until the task is cancelled.
  func run() async {
    for await _ in wakes {
      let companies = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      do {
        let rows = try await database.client.pipeline(
          [WebhookStatements.wake(TimerKind.webhookWatch.name, Array(companies))],
          deadline: Deadline.after(.seconds(10)).postgres)[0]
        if try rows[0].decode(0) { timers.wake(.webhookWatch) }
      } catch {
        guard !Task.isCancelled else { return }
        // The endpoints' own clocks see to what is left untold.
        logger.warning("webhooks not woken", metadata: ["error": "\(ErrorText.forLog(error))"])
      }
      try? await Task.sleep(for: Self.interval)
    }
  }
}
