/// A connection that is leased to one caller. Outside of a transaction each batch is one implicit
/// transaction of its own. What is left open is rolled back when the connection is given back;
/// settings of the session (`set`, temporary tables) are not, so do not make any.
public struct PostgresConnection: PostgresSession {
  let lease: Lease

  /// Runs a batch in one round trip. The first error ends the batch.
  @discardableResult
  public nonisolated(nonsending) func pipeline(
    _ batch: [SQLQuery]
  ) async throws -> [PostgresRows] {
    try await lease.run(batch)
  }

  /// Runs SQL text that may hold several statements, as `psql -f` would: for migrations and tests.
  ///
  /// Without BEGIN in the text or before it, the whole text is one implicit transaction.
  public nonisolated(nonsending) func executeScript(_ text: String) async throws {
    try await lease.runScript(text)
  }
}

extension PostgresClient {
  /// Lends a connection to `body`, waiting for one if all are in use.
  ///
  /// - Parameter deadline: For the wait and for each call in `body`; by default `leaseTimeout` for
  ///   the wait and `defaultTimeout` for each call.
  public nonisolated(nonsending) func withConnection<R>(
    deadline: ContinuousClock.Instant? = nil,
    _ body: nonisolated(nonsending) (PostgresConnection) async throws -> R
  ) async throws -> R {
    let lease = try await acquireLease(deadline: deadline)
    defer { lease.end() }
    return try await body(PostgresConnection(lease: lease))
  }

  nonisolated(nonsending) func acquireLease(
    deadline: ContinuousClock.Instant?, tenant: SharedQueue.Prelude? = nil
  ) async throws -> Lease {
    let latest = MonotonicTime.now() + loop.configuration.leaseTimeout
    let connection = try await loop.acquireLease(
      deadline: min(latest, MonotonicTime(deadline)), tenant: tenant)
    return Lease(loop: loop, connection: connection, deadline: deadline)
  }
}
