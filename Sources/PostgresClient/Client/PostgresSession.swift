/// What a leased connection and a transaction have in common: statements, one after the other.
public protocol PostgresSession: Sendable {
  /// Runs a batch in one round trip. The first error ends the batch.
  @discardableResult
  nonisolated(nonsending) func pipeline(_ batch: [SQLQuery]) async throws -> [PostgresRows]
}

extension PostgresSession {
  /// Runs one statement and returns its rows.
  @discardableResult
  public nonisolated(nonsending) func query(_ query: SQLQuery) async throws -> PostgresRows {
    try await pipeline([query]).first ?? PostgresRows(nil)
  }

  /// Runs one statement and returns the number of rows it changed.
  @discardableResult
  public nonisolated(nonsending) func execute(_ query: SQLQuery) async throws -> Int {
    try await pipeline([query]).first?.affectedRows ?? 0
  }
}
