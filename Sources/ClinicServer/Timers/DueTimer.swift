internal import PostgresClient
internal import struct Foundation.UUID

/// A thing of a clinic whose moment has come.
struct DueTimer: Sendable {
  let kind: TimerKind
  let companyID: UUID
  let subjectID: UUID

  /// Takes the timer out in the transaction that does what is due, which so is done once: false
  /// where another server did it, or where it has been set to another moment.
  func take(by mutation: Mutation) async throws -> Bool {
    try await mutation.query(TimerStatements.take(companyID, kind.name, subjectID))[0].decode(0)
  }
}
