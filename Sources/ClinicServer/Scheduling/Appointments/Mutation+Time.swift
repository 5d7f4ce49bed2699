internal import PostgresClient
internal import struct Foundation.UUID

extension Mutation {
  /// Frees what appointments take up; whoever waits for it is offered the time. Those among them
  /// that were open offers end as such.
  func releaseTime(of appointmentIDs: [UUID]) async throws {
    guard !appointmentIDs.isEmpty else { return }
    try await settleOffers(AppointmentStatements.release(companyID, appointmentIDs))
    expect(.timeFreed, at: now)
  }

  /// Makes the time of a hold last. If it was an offer, it is accepted.
  func keepTime(of appointmentID: UUID) async throws {
    try await settleOffers(AppointmentStatements.keep(companyID, appointmentID))
  }

  /// Logs that these entries of the waitlist have no open offer any more. Those that wait again are
  /// offered what was freed meanwhile.
  func log(offersSettledOf entryIDs: [UUID]) {
    guard !entryIDs.isEmpty else { return }
    expect(.waitResumed, at: now)
    log(Change(.updated, .waitlistEntry, entryIDs, fields: ["offer", "state"]))
  }

  private func settleOffers(_ statement: BoundStatement) async throws {
    let rows = try await query(statement)
    log(offersSettledOf: try (0..<rows.count).map { try rows[$0].decode(0) })
  }
}
