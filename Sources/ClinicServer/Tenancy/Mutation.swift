package import PostgresClient
package import RPCCore
package import struct Foundation.UUID

/// A change under way: one transaction that holds the effect, its entries in the change log and the
/// stored reply.
///
/// What a later statement needs is asked for with a query; everything else is put off with
/// ``enqueue(_:)`` and travels with the log entries and the commit in one round trip.
package final class Mutation {
  /// The company that is entered.
  package let companyID: UUID

  /// Who acts, in which call.
  package let context: TenantContext

  /// The transaction's time, as the database has it.
  package let now: PostgresTimestamp

  private let transaction: PostgresTransaction
  private let requestID: String
  private var pending: [BoundStatement] = []
  private var changes: [Change] = []
  private(set) var principalChanges: [PrincipalChange] = []
  private(set) var timerChanges: [(kind: TimerKind, moment: PostgresTimestamp)] = []

  /// - Parameter requestID: What the change log names the request by; the call's name by default.
  init(
    transaction: PostgresTransaction, companyID: UUID, context: TenantContext,
    now: PostgresTimestamp, requestID: String? = nil
  ) {
    self.transaction = transaction
    self.companyID = companyID
    self.context = context
    self.now = now
    self.requestID = requestID ?? context.requestID
  }

  /// Runs a statement now, after those put off.
  package func query(_ statement: BoundStatement) async throws -> PostgresRows {
    let statements = pending + [statement]
    pending = []
    return try await transaction.pipeline(statements)[statements.count - 1]
  }

  /// Runs statements now in one round trip, after those put off.
  package func query(_ statements: [BoundStatement]) async throws -> [PostgresRows] {
    let count = pending.count
    let all = pending + statements
    pending = []
    return Array(try await transaction.pipeline(all).dropFirst(count))
  }

  /// Puts a statement off until the commit or the next query.
  package func enqueue(_ statement: BoundStatement) { pending.append(statement) }

  /// Adds entries to the company's change log at the end of the transaction, where the log is
  /// locked for the shortest time.
  package func log(_ change: Change) { changes.append(change) }

  /// Tells every server that principals changed, when the transaction commits.
  package func announce(_ change: PrincipalChange) {
    pending.append(change.announcement)
    principalChanges.append(change)
  }

  /// Sets the timer of a thing, or takes it away, with the transaction.
  package func setTimer(_ kind: TimerKind, of subjectID: UUID, to moment: PostgresTimestamp?) {
    enqueue(TimerStatements.set(companyID, kind.name, subjectID, moment))
    if let moment { expect(kind, at: moment) }
  }

  /// Has this server look for a timer that the database itself sets with the transaction.
  func expect(_ kind: TimerKind, at moment: PostgresTimestamp) {
    timerChanges.append((kind, moment))
  }

  /// What was put off, then the log entries: what the end of the transaction runs. The last log
  /// entry, which tells the log's new end, is at `logEnd`.
  func takePending() -> (statements: [BoundStatement], logEnd: Int?) {
    let principal = context.principal
    let entries = changes.filter { !$0.recordIDs.isEmpty }.map { change in
      TenancyStatements.appendChanges(
        companyID, principal.accountID, principal.credentialID, context.method.path,
        change.recordType.rawValue, change.recordIDs, change.action.rawValue, change.fields,
        change.reason, requestID)
    }
    defer {
      pending = []
      changes = []
    }
    let statements = pending + entries
    return (statements, entries.isEmpty ? nil : statements.count - 1)
  }
}
