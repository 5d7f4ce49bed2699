/// A transaction on a leased connection.
public struct PostgresTransaction: PostgresSession {
  let state: TransactionState
  /// How many savepoints this handle is inside of.
  let depth: Int

  /// Runs a batch in one round trip. An error dooms the transaction, unless a savepoint catches it.
  @discardableResult
  public nonisolated(nonsending) func pipeline(
    _ batch: [SQLQuery]
  ) async throws -> [PostgresRows] {
    try await state.run(batch)
  }

  /// Runs SQL text that may hold several statements inside of the transaction: for migrations.
  public nonisolated(nonsending) func executeScript(_ text: String) async throws {
    try await state.runScript(text)
  }

  /// Runs last statements and COMMIT in one round trip. Nothing may follow in the body.
  ///
  /// An error of a statement is thrown as such and rolls back; an error of COMMIT is a
  /// ``PostgresTransactionError`` with stage `commit`.
  @discardableResult
  public nonisolated(nonsending) func commit(
    after batch: [SQLQuery] = []
  ) async throws -> [PostgresRows] {
    try await state.commit(after: batch)
  }

  /// Runs `body` so that its error undoes only its own statements.
  public nonisolated(nonsending) func savepoint<R>(
    _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> R
  ) async throws -> R {
    let name = "clinic_savepoint_\(depth + 1)"
    _ = try await state.run([SQLQuery(raw: "savepoint \(name)")])
    let result: R
    do {
      result = try await body(PostgresTransaction(state: state, depth: depth + 1))
    } catch {
      // If this fails too, the whole transaction is lost, which its end will tell.
      _ = try? await state.run([
        SQLQuery(raw: "rollback to savepoint \(name)"), SQLQuery(raw: "release savepoint \(name)")
      ])
      throw error
    }
    _ = try await state.run([SQLQuery(raw: "release savepoint \(name)")])
    return result
  }

  /// Reads a result of any size row by row, in chunks of about `chunkBytes` (1 kB to 64 MB).
  ///
  /// Other statements of the transaction may run between two rows.
  public func stream(_ query: SQLQuery, chunkBytes: Int = 262_144) -> PostgresRowStream {
    PostgresRowStream(
      state: state, query: query, chunkBytes: min(max(chunkBytes, 1_024), 67_108_864))
  }
}

extension PostgresClient {
  /// Runs `body` in a transaction of its own and commits when it returns.
  ///
  /// BEGIN and `prelude` travel with the body's first statements, so they cost no round trip. After
  /// a serialization failure or a deadlock the whole body runs again: it must not have effects
  /// outside of the transaction. An error of the body is thrown as it is after the rollback.
  ///
  /// - Parameters:
  ///   - prelude: Statements that begin the transaction. The first is the one that enters a tenant,
  ///     if any does: tenants take turns for connections.
  ///   - deadline: For the wait for a connection and everything in the transaction.
  /// - Throws: What the body throws; ``PostgresTransactionError`` for BEGIN, ROLLBACK and COMMIT.
  public nonisolated(nonsending) func withTransaction<R>(
    isolation: PostgresIsolation = .readCommitted, access: PostgresAccessMode = .readWrite,
    prelude: [SQLQuery] = [], retry: PostgresRetryPolicy = .default,
    deadline: ContinuousClock.Instant? = nil,
    _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> R
  ) async throws -> R {
    let prelude = prelude.map { $0.resolved() }
    let lease = try await acquireLease(
      deadline: deadline, tenant: prelude.first.flatMap(SharedQueue.Prelude.init))
    defer { lease.end() }
    let beginning = [TransactionStatements.begin(isolation, access)] + prelude
    var attempt = 1
    while true {
      let state = TransactionState(lease: lease, prelude: beginning)
      do {
        let result = try await body(PostgresTransaction(state: state, depth: 0))
        try await state.commitIfOpen()
        return result
      } catch {
        try await state.rollback(after: error)
        guard state.canRetry, attempt < retry.attempts, !lease.isPastDeadline else { throw error }
        try await Task.sleep(for: retry.delay(after: attempt))
        attempt += 1
      }
    }
  }
}
