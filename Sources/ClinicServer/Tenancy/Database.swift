package import Logging
package import PostgresClient
package import RPCCore
internal import Synchronization
package import struct Foundation.UUID

/// The database as the server's parts see it: tenant-scoped work, and the read log.
package final class Database: Sendable {
  let client: PostgresClient
  let readLog: ReadLog
  let announcer: ChangeAnnouncer
  let settingsCache = SettingsCache()

  /// Makes a database over a client that somebody else runs.
  package init(client: PostgresClient, logger: Logger) {
    self.client = client
    self.readLog = ReadLog(client: client, logger: logger)
    self.announcer = ChangeAnnouncer(client: client, logger: logger)
  }

  private let principalListener = Mutex<(@Sendable (PrincipalChange) -> Void)?>(nil)

  /// Has a listener told of what this server changes about principals.
  func onPrincipalChange(_ listener: @escaping @Sendable (PrincipalChange) -> Void) {
    principalListener.withLock { $0 = listener }
  }

  /// Tells the listener of a change that is committed.
  func principalsChanged(_ change: PrincipalChange) {
    principalListener.withLock { $0 }?(change)
  }

  private let timerListener = Mutex<(@Sendable (TimerKind, Deadline) -> Void)?>(nil)

  /// Has a listener told of the timers that this server sets.
  func onTimerChange(_ listener: @escaping @Sendable (TimerKind, Deadline) -> Void) {
    timerListener.withLock { $0 = listener }
  }

  /// Tells the listener of a timer that is committed, and when it is due.
  func timerChanged(_ kind: TimerKind, _ moment: Deadline) {
    timerListener.withLock { $0 }?(kind, moment)
  }

  /// Runs a query in a company on the shared lane: one round trip.
  package func read(
    _ statement: BoundStatement, in companyID: UUID, deadline: Deadline
  ) async throws -> PostgresRows {
    try await client.query(
      statement, after: TenancyStatements.enter(companyID), readOnly: true,
      deadline: deadline.postgres)
  }

  /// Runs several queries in a company on the shared lane: one round trip.
  package func read(
    _ statements: [BoundStatement], in companyID: UUID, deadline: Deadline
  ) async throws -> [PostgresRows] {
    try await client.pipeline(
      statements, after: TenancyStatements.enter(companyID), readOnly: true,
      deadline: deadline.postgres)
  }

  /// Lends a transaction in a company. Repeats it when it loses a race that PostgreSQL resolves.
  package func transaction<Result>(
    in companyID: UUID, access: PostgresAccessMode = .readWrite, deadline: Deadline,
    _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    try await client.withTransaction(
      access: access, prelude: [TenancyStatements.enter(companyID)], deadline: deadline.postgres,
      body)
  }
}
