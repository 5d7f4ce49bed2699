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
  /// How many entries are read at a time.
  private static let page = 500

  let booking: Booking

  /// Makes the offers that an appointment's time allows.
  func offerTime(freedBy appointmentID: UUID, by mutation: Mutation) async throws {
    try await booking.sweep(by: mutation)
    let rows = try await mutation.query(
      WaitlistStatements.freedTime(mutation.companyID, appointmentID))
    guard rows.count == 1 else { return }
    let freed = try FreedTime(row: rows[0])
    guard freed.span.end > mutation.now.unixSeconds else { return }
    // The times at which a wish could be met, whoever has it: most entries need no more to be read.
    var possible: [Wish: [Span]] = [:]
    var offers = 0
    var last = (rank: Int16(0), id: SystemActor.id)
    while true {
      let rows = try await mutation.query(
        WaitlistStatements.waiting(
          mutation.companyID, appointmentID, booking.clock.resolver.timeZone, last.rank, last.id,
          Int64(Self.page)))
      for index in 0..<rows.count {
        let entry = try WaitlistEntry(row: rows[index])
        let wish = try Wish(entry)
        last = (entry.priority.rank, try rows[index].decode(0))
        let times: [Span]
        if let known = possible[wish] {
          times = known
        } else {
          times = try await findSlots(freed, for: wish, patientID: nil, by: mutation)
            .slots.map(\.span)
          possible[wish] = times
        }
        guard times.contains(where: { suits(entry, $0, mutation) }),
          try await offer(freed, to: entry, wish, by: mutation)
        else { continue }
        offers += 1
        guard offers < Self.mostOffers else { return }
        // Of what was passed over before, nothing is freer now.
        possible = [:]
      }
      guard rows.count == Self.page else { return }
    }
  }

  /// Offers an entry that waits again one of the times that were freed while it had an offer. Others
  /// were offered them then.
  func offerMissedTime(to entryID: UUID, by mutation: Mutation) async throws {
    try await booking.sweep(by: mutation)
    let rows = try await mutation.query([
      WaitlistStatements.get(mutation.companyID, entryID),
      WaitlistStatements.missedTimes(
        mutation.companyID, entryID, booking.clock.resolver.timeZone)
    ])
    guard rows[0].count == 1 else { return }
    let entry = try WaitlistEntry(row: rows[0][0])
    let wish = try Wish(entry)
    for index in 0..<rows[1].count {
      let freed = try FreedTime(row: rows[1][index])
      if try await offer(freed, to: entry, wish, by: mutation) { return }
    }
  }

  /// Offers an entry the time that suits it and needs what was freed: the first one that is all of
  /// it or a part of it, or else the first that reaches into it. What lies beside was free before.
  private func offer(
    _ freed: FreedTime, to entry: WaitlistEntry, _ wish: Wish, by mutation: Mutation
  ) async throws -> Bool {
    let entryID = try UUID(contract: entry.waitlistEntryID, field: "waitlist_entry_id")
    let patientID = try UUID(contract: entry.patientID, field: "patient_id")
    let (slots, facts) = try await findSlots(
      freed, for: wish, patientID: patientID, by: mutation)
    let suitable = slots.filter { suits(entry, $0.span, mutation) }
    guard
      let slot = suitable.first(where: {
        freed.span.contains($0.span) || $0.span.contains(freed.span)
      }) ?? suitable.first
    else { return false }
    let taken = try await mutation.query(WaitlistStatements.take(mutation.companyID, entryID))
    guard taken.count == 1 else { return false }
    let wanted = WantedTime(
      patientID: patientID, appointmentTypeID: wish.appointmentTypeID, start: slot.span.start,
      length: slot.span.length,
      resourceIDs: slot.ids, reason: "", fields: .appointment("entry"))
    // Nobody can take a time that has begun.
    let expires = min(mutation.now.unixSeconds + booking.clock.offer, slot.span.start)
    let held = try booking.enqueue(wanted, as: .held(until: expires), facts: facts, by: mutation)
    mutation.enqueue(
      WaitlistStatements.insertOffer(
        mutation.companyID, UUIDv7.make(), entryID, try held.uuid,
        PostgresTimestamp(instant: expires)))
    mutation.log(Change(.offered, .waitlistEntry, [entryID], fields: ["offer", "state"]))
    return true
  }

  /// The times at which a wish can be met, for a patient or for anybody, that need what was freed.
  private func findSlots(
    _ freed: FreedTime, for wish: Wish, patientID: UUID?, by mutation: Mutation
  ) async throws -> (slots: [SlotSearch.Slot], facts: SchedulingFacts) {
    let day: Int64 = 86_400
    let question = SchedulingFacts.Question(
      appointmentTypeID: wish.appointmentTypeID, patientID: patientID,
      resourceIDs: wish.resourceIDs,
      span: Span(freed.span.start - day, freed.span.end + day), clock: booking.clock,
      fields: .appointment("entry"))
    let facts = try await booking.facts(question, by: mutation)
    // Who waits for nobody but those who have left waits in vain, and holds nobody up.
    guard let inUse = facts.inUse(wish.resourceIDs) else { return ([], facts) }
    let search = try facts.search(restrictedTo: inUse)
    let earliest = max(freed.span.start - search.length, mutation.now.unixSeconds)
    let slots = try search.slots(
      in: Span(earliest, freed.span.end + search.length), grid: booking.clock.grid,
      calendar: facts.calendar, leadingKind: Int(ResourceKind.practitioner.rawValue),
      limit: Self.mostSlots)
    let needed = slots.filter {
      freed.span.overlaps($0.span) && !freed.resources.isDisjoint(with: $0.ids)
    }
    return (needed, facts)
  }

  private func suits(_ entry: WaitlistEntry, _ span: Span, _ mutation: Mutation) -> Bool {
    WaitlistRules.suits(
      entry, span, now: mutation.now.unixSeconds, clock: booking.clock.resolver)
  }
}

/// Time that an appointment took, and of what.
private struct FreedTime {
  let span: Span
  let resources: Set<UUID>

  /// From the columns of `WaitlistStatements.freedTime`.
  init(row: PostgresRow) throws {
    let (starts, ends, ids) = try row.decode(
      PostgresTimestamp.self, PostgresTimestamp.self, [UUID].self)
    span = Span(starts.unixSeconds, ends.unixSeconds)
    resources = Set(ids)
  }
}

/// What an entry waits for: many wait for the same.
private struct Wish: Hashable {
  let appointmentTypeID: UUID
  let resourceIDs: [UUID]

  init(_ entry: WaitlistEntry) throws {
    appointmentTypeID = try UUID(contract: entry.appointmentTypeID, field: "appointment_type_id")
    resourceIDs = try WantedTime.ids(entry.resourceIds, field: "resource_ids")
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
