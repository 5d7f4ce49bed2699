internal import Logging
internal import PostgresClient
internal import RPCCore
internal import StandardServices

/// Asks the database for a sign of life, and has health checks tell how that went.
struct DatabaseHealth: Sendable {
  private enum Statements {
    static let sign = SQLStatement("health.sign", "select 1")
  }

  /// The time between two questions, and the time for an answer.
  private static let interval = Duration.seconds(2)

  let database: Database
  let status: ServingStatus
  let logger: Logger

  /// Asks until cancelled.
  func run() async {
    while true {
      let isServing = await answers()
      if Task.isCancelled { return }
      if isServing != status.isServing {
        logger.log(
          level: isServing ? .notice : .error,
          isServing ? "the database answers again" : "the database does not answer")
      }
      status.set(isServing: isServing)
      do { try await Task.sleep(for: Self.interval) } catch { return }
    }
  }

  private func answers() async -> Bool {
    do {
      let rows = try await database.client.query(
        Statements.sign(), deadline: Deadline.after(Self.interval).postgres)
      return rows.count == 1
    } catch {
      return false
    }
  }
}
