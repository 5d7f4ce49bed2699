package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension WaitlistHandler {
  private static let offerNotFound = RPCError.notFound(
    "There is no such offer", reason: "WAITLIST_OFFER_NOT_FOUND", field: "waitlist_offer_id")

  private var appointments: AppointmentHandler {
    AppointmentHandler(database: database, pageTokens: pageTokens)
  }

  package func listWaitlistOffers(
    _ request: ListWaitlistOffersRequest, context: TenantContext
  ) async throws -> ListWaitlistOffersResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? WaitlistOfferFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: try filter.serializedBytes())
    let rows = try await scope.read(
      WaitlistStatements.offers(
        scope.companyID, try paging.cursor(of: request.pageToken)?.uuid(0),
        try UUID(optional: filter.waitlistEntryID, field: "filter.waitlist_entry_id"),
        Int16(truncatingIfNeeded: filter.state.rawValue), Int64(size + 1)))
    let (offers, next) = try paging.page(rows, size: size) {
      try WaitlistOffer(row: $0)
    } cursor: { _, row in
      PageCursor([.uuid(try row.decode(0))])
    }
    let ids = try offers.map { try UUID(contract: $0.waitlistOfferID, field: "waitlist_offer_id") }
    scope.noteRead(
      ids, of: try (0..<offers.count).map { try rows[$0].decode(9, as: UUID.self).text })
    return ListWaitlistOffersResponse(offers: offers, nextPageToken: next)
  }

  package func acceptWaitlistOffer(
    _ request: AcceptWaitlistOfferRequest, context: TenantContext
  ) async throws -> AcceptWaitlistOfferResponse {
    let id = try UUID(contract: request.waitlistOfferID, field: "waitlist_offer_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var (offer, appointment) = try await lockOffer(id, by: mutation)
      guard offer.state == .open else { throw Self.closed(offer) }
      let booked = try appointments.target(of: .accept, from: appointment)
      let appointmentID = try appointment.uuid
      let entryID = try UUID(contract: offer.waitlistEntryID, field: "waitlist_entry_id")
      try await mutation.keepTime(of: appointmentID)
      mutation.enqueue(
        AppointmentStatements.setStatus(
          mutation.companyID, appointmentID, Int16(truncatingIfNeeded: booked.rawValue)))
      mutation.log(Change(.accepted, .appointment, [appointmentID], fields: ["status"]))
      appointment.move(to: booked, at: mutation.now)
      return AcceptWaitlistOfferResponse(
        appointment: appointment, entry: try await lock(entryID, etag: "", by: mutation))
    }
  }

  package func declineWaitlistOffer(
    _ request: DeclineWaitlistOfferRequest, context: TenantContext
  ) async throws -> DeclineWaitlistOfferResponse {
    let id = try UUID(contract: request.waitlistOfferID, field: "waitlist_offer_id")
    let clock = try await ClinicClock(of: TenantScope(context, in: database))
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let (offer, appointment) = try await lockOffer(id, by: mutation)
      guard offer.state == .open else { throw Self.closed(offer) }
      try await giveUp(appointment, clock: clock, by: mutation)
      let entryID = try UUID(contract: offer.waitlistEntryID, field: "waitlist_entry_id")
      return DeclineWaitlistOfferResponse(
        entry: try await lock(entryID, etag: "", by: mutation))
    }
  }

  package func removeWaitlistEntry(
    _ request: RemoveWaitlistEntryRequest, context: TenantContext
  ) async throws -> RemoveWaitlistEntryResponse {
    let id = try UUID(contract: request.waitlistEntryID, field: "waitlist_entry_id")
    let clock = try await ClinicClock(of: TenantScope(context, in: database))
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let rows = try await mutation.query(WaitlistStatements.get(mutation.companyID, id))
      guard rows.count == 1 else { throw Self.notFound }
      let known = try WaitlistEntry(row: rows[0])
      try Etag.check(request.etag, against: known.etag)
      if let offer = known.offer, offer.state == .open {
        let (_, appointment) = try await lockOffer(
          try UUID(contract: offer.waitlistOfferID, field: "waitlist_offer_id"), by: mutation)
        try await giveUp(appointment, clock: clock, by: mutation)
      }
      let entry = try await lock(id, etag: "", by: mutation)
      guard entry.state != .offered else {
        throw RPCError.aborted(
          "The entry was offered a time at this moment", reason: "CONTENTION")
      }
      guard entry.state == .waiting else {
        throw RPCError.failedPrecondition(
          "The entry is done with", type: "STATE", subject: "entry.state")
      }
      mutation.enqueue(WaitlistStatements.remove(mutation.companyID, id))
      mutation.log(Change(.deleted, .waitlistEntry, [id], reason: request.reason))
      return RemoveWaitlistEntryResponse(entry: try await lock(id, etag: "", by: mutation))
    }
  }

  /// Cancels an offer's hold, which is locked; its time goes to the next.
  private func giveUp(
    _ held: Appointment, clock: ClinicClock, by mutation: Mutation
  ) async throws {
    var appointment = held
    let id = try appointment.uuid
    _ = try appointments.target(of: .cancel, from: appointment)
    try await mutation.releaseTime(of: [id])
    try appointments.cancel(
      &appointment, by: .clinic, reason: .other, note: "The offer was declined", replacement: nil,
      clock: clock, mutation: mutation)
    mutation.log(Change(.cancelled, .appointment, [id]))
  }

  /// An offer whose appointment is locked. Whoever changes an offer has its appointment locked
  /// before, so it stays as it is.
  private func lockOffer(
    _ id: UUID, by mutation: Mutation
  ) async throws -> (offer: WaitlistOffer, appointment: Appointment) {
    let offer = try await offer(id, by: mutation)
    let appointment = try await appointments.lock(
      try UUID(contract: offer.appointmentID, field: "appointment_id"), etag: "", by: mutation)
    return (try await self.offer(id, by: mutation), appointment)
  }

  private func offer(_ id: UUID, by mutation: Mutation) async throws -> WaitlistOffer {
    let rows = try await mutation.query(WaitlistStatements.offer(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.offerNotFound }
    return try WaitlistOffer(row: rows[0])
  }

  private static func closed(_ offer: WaitlistOffer) -> RPCError {
    offer.state == .expired
      ? .failedPrecondition(
        "The offer has ended", reason: "HOLD_EXPIRED", subject: "offer.state")
      : .failedPrecondition(
        "The offer was answered already", reason: "OFFER_CLOSED", subject: "offer.state")
  }
}
