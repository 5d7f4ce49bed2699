import Synchronization

/// One run of a transaction's body on a leased connection.
final class TransactionState: Sendable {
  private enum Phase {
    /// Nothing was sent: BEGIN and the prelude travel with the first statements.
    case pending([SQLQuery])
    case active
    case finished
  }

  private struct Progress {
    var phase: Phase
    /// The server reported a failure that running the body again can cure.
    var canRetry = false
    var lastCursor = 0
  }

  let lease: Lease
  private let progress: Mutex<Progress>

  init(lease: Lease, prelude: [SQLQuery]) {
    self.lease = lease
    progress = Mutex(Progress(phase: .pending(prelude)))
  }

  var canRetry: Bool { progress.withLock { $0.canRetry } }

  var hasBegun: Bool {
    progress.withLock { progress in
      if case .active = progress.phase { true } else { false }
    }
  }

  func nextCursorName() -> String {
    progress.withLock { progress in
      progress.lastCursor += 1
      return "clinic_cursor_\(progress.lastCursor)"
    }
  }

  /// Runs statements inside of the transaction, beginning it first if need be.
  nonisolated(nonsending) func run(
    _ batch: [SQLQuery], isPreparable: Bool = true, isCancellable: Bool = true
  ) async throws -> [PostgresRows] {
    guard !batch.isEmpty else { return [] }
    try lease.check()
    try IOLoop.check(batch)
    try checkOpen()
    let call = PostgresCall(
      .batch(batch.map { $0.resolved(isPreparable: isPreparable) }), deadline: lease.callDeadline)
    do {
      return isCancellable
        ? try await lease.loop.perform(call, post: post)
        : try await lease.loop.performUncancellable(call, post: post)
    } catch let error as PostgresError {
      throw note(error, preludeCount: call.firstWanted)
    } catch {
      // What was to begin the transaction never left: nothing may run as if it had begun.
      if call.firstWanted > 0, !call.wasSent { finish() }
      throw error
    }
  }

  /// Runs SQL text with several statements inside of the transaction.
  nonisolated(nonsending) func runScript(_ text: String) async throws {
    if !hasBegun { _ = try await run(["select 1"]) }
    try checkOpen()
    try await lease.runScript(text)
  }

  /// Posts under the lock, so that no other call of the body can overtake BEGIN.
  private func post(_ call: PostgresCall) -> Bool {
    progress.withLock { progress in
      if case .pending(let prelude) = progress.phase {
        call.prepend(prelude)
        progress.phase = .active
      }
      return lease.post(call)
    }
  }

  private func checkOpen() throws(PostgresClientError) {
    let isFinished = progress.withLock { progress in
      if case .finished = progress.phase { true } else { false }
    }
    if isFinished {
      throw PostgresClientError(.transactionFinished, "the transaction is over")
    }
  }

  /// Tells errors of BEGIN and the prelude from those of the body's statements.
  private func note(_ error: PostgresError, preludeCount: Int) -> any Error {
    if error.sqlState.isTransactionRetryable || error.isStalePlan {
      progress.withLock { $0.canRetry = true }
    }
    guard let index = error.statementIndex else { return error }
    if index < preludeCount { return PostgresTransactionError(stage: .begin, underlying: error) }
    var error = error
    error.statementIndex = index - preludeCount
    return error
  }

  /// Commits, together with last statements if there are any.
  nonisolated(nonsending) func commit(after batch: [SQLQuery]) async throws -> [PostgresRows] {
    guard hasBegun || !batch.isEmpty else {
      finish()
      return []
    }
    var rows: [PostgresRows]
    do {
      // A commit under way is not given up: its outcome would be unknown.
      rows = try await run(batch + [TransactionStatements.commit], isCancellable: false)
    } catch let error as PostgresError where (error.statementIndex ?? 0) < batch.count {
      throw error
    } catch let error as PostgresTransactionError {
      throw error
    } catch {
      finish()
      let client = error as? PostgresClientError
      throw PostgresTransactionError(
        stage: .commit, underlying: error,
        isOutcomeUnknown: client.map { $0.mayHaveExecuted || $0.cause != nil } ?? false)
    }
    finish()
    // COMMIT of a failed transaction is answered with ROLLBACK, and without an error.
    guard rows.removeLast().commandTag == "COMMIT" else {
      throw PostgresTransactionError(
        stage: .commit,
        underlying: PostgresError(
          sqlState: .inFailedTransaction,
          message: "a statement had failed, so the transaction was rolled back"))
    }
    return rows
  }

  /// Commits unless the body did.
  nonisolated(nonsending) func commitIfOpen() async throws {
    let isFinished = progress.withLock { progress in
      if case .finished = progress.phase { true } else { false }
    }
    if !isFinished { _ = try await commit(after: []) }
  }

  /// Rolls back after `bodyError`. Skipped where the answer would only delay the caller: the
  /// connection is then rolled back after it was given back.
  nonisolated(nonsending) func rollback(after bodyError: any Error) async throws {
    let hasBegun = hasBegun
    finish()
    guard hasBegun, !Task.isCancelled, !lease.isPastDeadline else { return }
    let call = PostgresCall(
      .batch([TransactionStatements.rollback]), deadline: .now() + .seconds(5))
    do {
      _ = try await lease.loop.performUncancellable(call, post: lease.post)
    } catch let error as PostgresClientError where error.code != .deadlineExceeded {
      // The connection is gone, and with it the transaction: the body's error says it all.
    } catch {
      throw PostgresTransactionError(stage: .rollback, underlying: error, bodyError: bodyError)
    }
  }

  private func finish() { progress.withLock { $0.phase = .finished } }
}
