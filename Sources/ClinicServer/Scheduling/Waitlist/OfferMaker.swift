internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// Offers time that was freed to those who wait for it: by rank, then by who has waited longest.
/// An offer is a hold in the patient's name.
struct OfferMaker {
  /// The most offers of one freed time: it may be long, and their appointments short.
  private static let mostOffers = 20
  /// The most free times that are looked at for an entry.
  private static let mostSlots = 1_000

  let booking: Booking

  /// Time that an appointment took, and of what.
  private struct FreedTime {
    let span: Span
    let resources: Set<UUID>
  }

  /// Makes the offers that an appointment's time allows.
  func offerTime(freedBy appointmentID: UUID, by mutation: Mutation) async throws {
    try await booking.sweep(by: mutation)
    for _ in 0..<Self.mostOffers {
      let rows = try await mutation.query([
        WaitlistStatements.freedTime(mutation.companyID, appointmentID),
        WaitlistStatements.waiting(
          mutation.companyID, appointmentID, booking.clock.resolver.timeZone)
      ])
      guard rows[0].count == 1 else { return }
      let (starts, ends, ids) = try rows[0][0].decode(
        PostgresTimestamp.self, PostgresTimestamp.self, [UUID].self)
      let freed = FreedTime(
        span: Span(starts.unixSeconds, ends.unixSeconds), resources: Set(ids))
      guard freed.span.end > mutation.now.unixSeconds else { return }
      var isOffered = false
      for index in 0..<rows[1].count where !isOffered {
        isOffered = try await offer(
          freed, to: WaitlistEntry(row: rows[1][index]), by: mutation)
      }
      guard isOffered else { return }
    }
  }

  /// Offers an entry the first time that suits it and needs what was freed.
  private func offer(
    _ freed: FreedTime, to entry: WaitlistEntry, by mutation: Mutation
  ) async throws -> Bool {
    let now = mutation.now.unixSeconds
    let entryID = try UUID(contract: entry.waitlistEntryID, field: "waitlist_entry_id")
    let resourceIDs = try WantedTime.ids(entry.resourceIds, field: "resource_ids")
    let day: Int64 = 86_400
    let question = SchedulingFacts.Question(
      typeID: try UUID(contract: entry.typeID, field: "type_id"),
      patientID: try UUID(contract: entry.patientID, field: "patient_id"),
      resourceIDs: resourceIDs,
      span: Span(freed.span.start - day, freed.span.end + day), clock: booking.clock,
      fields: .appointment("entry"))
    let facts = try await booking.facts(question, by: mutation)
    // Who waits for somebody who has left waits in vain, and holds nobody up.
    guard resourceIDs.allSatisfy({ facts.resource($0)?.state == .active }) else { return false }
    let search = try facts.search(restrictedTo: Set(resourceIDs))
    let slots = try search.slots(
      in: Span(max(freed.span.start - search.length, now), freed.span.end + search.length),
      grid: booking.clock.grid, calendar: facts.calendar,
      leadingKind: Int(ResourceKind.practitioner.rawValue), limit: Self.mostSlots)
    let suitable = slots.first { slot in
      // All of it in the freed time, or all of the freed time in it: what lies beside was free before.
      (freed.span.contains(slot.span) || slot.span.contains(freed.span))
        && !freed.resources.isDisjoint(with: slot.ids)
        && WaitlistRules.suits(entry, slot.span, now: now, clock: booking.clock.resolver)
    }
    guard let slot = suitable else { return false }
    let taken = try await mutation.query(WaitlistStatements.take(mutation.companyID, entryID))
    guard taken.count == 1 else { return false }
    let wanted = WantedTime(
      patientID: try UUID(contract: entry.patientID, field: "patient_id"),
      typeID: question.typeID, start: slot.span.start, length: slot.span.length,
      resourceIDs: slot.ids, reason: "", fields: question.fields)
    // Nobody can take a time that has begun.
    let expires = min(now + booking.clock.offer, slot.span.start)
    let held = try booking.enqueue(wanted, as: .held(until: expires), facts: facts, by: mutation)
    mutation.enqueue(
      WaitlistStatements.insertOffer(
        mutation.companyID, UUIDv7.make(), entryID, try held.uuid,
        PostgresTimestamp(instant: expires)))
    mutation.log(Change(.offered, .waitlistEntry, [entryID], fields: ["offer", "state"]))
    return true
  }
}

extension ClinicClock {
  /// Seconds that a free time is offered to somebody who waits.
  var offer: Int64 {
    Int64(policy.waitlistOfferMinutes == 0 ? 120 : policy.waitlistOfferMinutes) * 60
  }

  /// Days ahead that the appointments of a series are booked.
  var seriesHorizon: Int {
    Int(policy.seriesHorizonDays == 0 ? 180 : policy.seriesHorizonDays)
  }
}
