internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// A time that cannot be booked, before it is known which ones can.
struct TimeUnavailable: Error {
  /// Why.
  enum Reason: String {
    case taken = "SLOT_TAKEN"
    case outsideAvailability = "OUTSIDE_AVAILABILITY"
  }

  /// How many free times are named, and how many days away they are looked for at first and at most.
  private static let count = 5
  private static let reach: (near: Int64, far: Int64) = (2, 14)

  let reason: Reason
  let wanted: WantedTime
  /// Whose time is taken, nil for the patient's, and when.
  let conflicts: [(id: UUID?, span: Span)]

  /// The error for the caller, with the nearest free times.
  func error(in scope: TenantScope, clock: ClinicClock) async throws -> RPCError {
    let now = PostgresTimestamp.now.unixSeconds
    let question = wanted.question(clock, around: Self.reach.far, now: now)
    let facts = try SchedulingFacts(
      question, rows: try await scope.read(question.statements(in: scope.companyID)))
    let detail = BookingConflict(
      conflicts: conflicts.sorted { $0.span.start < $1.span.start }.prefix(100).map {
        BookingConflictSpan(
          resourceID: $0.id?.text ?? "", startTime: Timestamp(instant: $0.span.start),
          endTime: Timestamp(instant: $0.span.end))
      },
      alternatives: try alternatives(facts, now: now))
    return .failedPrecondition(
      reason == .taken
        ? "The time is taken; the nearest free ones are in the details"
        : "What the appointment needs is not available then; the nearest free times are in the "
          + "details",
      reason: reason.rawValue, subject: wanted.fields.start,
      details: [
        .other(
          typeURL: "type.googleapis.com/clinic.v1.BookingConflict",
          value: try detail.serializedBytes())
      ])
  }

  private func alternatives(_ facts: SchedulingFacts, now: Int64) throws -> [Slot] {
    guard let inUse = facts.inUse(wanted.resourceIDs) else { return [] }
    let search = try facts.search(length: wanted.length, restrictedTo: inUse)
    var nearest: [SlotSearch.Slot] = []
    for days in [Self.reach.near, Self.reach.far] {
      let range = Span(
        max(wanted.start - days * 86_400, now), wanted.start + search.length + days * 86_400)
      nearest = try search.slots(
        in: range, grid: facts.clock.grid, calendar: facts.calendar,
        leadingKind: Int(ResourceKind.practitioner.rawValue), limit: 20_000)
      if nearest.count >= Self.count { break }
    }
    return nearest.sorted {
      (abs($0.span.start - wanted.start), $0.span.start)
        < (abs($1.span.start - wanted.start), $1.span.start)
    }.prefix(Self.count).map(Slot.init)
  }
}

extension SchedulingFacts {
  /// Chooses resources for a wanted time.
  ///
  /// - Parameter mayOverbook: Takes what is free and available if it can, and what is not if it must.
  /// - Throws: ``TimeUnavailable`` where the time is taken or nobody is available.
  func choose(for wanted: WantedTime, mayOverbook: Bool) throws -> (ids: [UUID], length: Int64) {
    try checkPatientActive()
    guard type.state == .active else {
      throw RPCError.failedPrecondition(
        "The kind of appointment is retired", type: "STATE", subject: "appointment_type.state")
    }
    try checkInUse(wanted)
    let search = try search(length: wanted.length)
    let given = Set(wanted.resourceIDs)
    guard
      let anybody = search.assignment(
        at: wanted.start, including: given, passingOver: [.claims, .hours])
    else {
      throw given.isEmpty
        ? RPCError.failedPrecondition(
          "The clinic has nobody or nothing that meets the type's needs", type: "NEEDS",
          subject: "appointment_type.needs")
        : RPCError.invalidArgument(
          field: wanted.fields.resources, reason: "NOT_NEEDED",
          description: "must each meet one of the needs of the appointment's type")
    }
    let free = search.assignment(at: wanted.start, including: given)
    if let free, !search.isPatientBusy(at: wanted.start) { return (free, search.length) }
    let available = search.assignment(at: wanted.start, including: given, passingOver: .claims)
    if mayOverbook { return (free ?? available ?? anybody, search.length) }
    throw unavailable(search, wanted, isAvailable: available != nil)
  }

  /// Why a time cannot be had.
  private func unavailable(
    _ search: SlotSearch, _ wanted: WantedTime, isAvailable: Bool
  ) -> TimeUnavailable {
    guard isAvailable else {
      return TimeUnavailable(reason: .outsideAvailability, wanted: wanted, conflicts: [])
    }
    let span = Span(wanted.start, wanted.start + search.length)
    return TimeUnavailable(
      reason: .taken, wanted: wanted,
      conflicts: search.conflicts(
        at: wanted.start, of: search.missing(at: wanted.start, including: Set(wanted.resourceIDs))
      ).map { (id: $0.id, span: $0.span) }
        + search.patientClaims.filter { $0.overlaps(span) }.map { (id: nil, span: $0) })
  }

  /// Throws ``TimeUnavailable`` where others have taken the time of an appointment that takes up
  /// none so far. Hours may have changed since it was made; they do not count.
  ///
  /// - Parameter mayOverbook: Whether it may take its time beside them.
  func checkFree(for wanted: WantedTime, mayOverbook: Bool) throws {
    try checkInUse(wanted)
    guard !mayOverbook else { return }
    let search = try search(
      length: wanted.length, restrictedTo: Set(wanted.resourceIDs), ignoresNeeds: true)
    let isFree =
      search.assignment(
        at: wanted.start, including: Set(wanted.resourceIDs), passingOver: .hours) != nil
    guard isFree, !search.isPatientBusy(at: wanted.start) else {
      throw unavailable(search, wanted, isAvailable: true)
    }
  }

  /// Refuses a patient whose record is archived.
  func checkPatientActive() throws {
    guard isPatientActive else {
      throw RPCError.failedPrecondition(
        "The patient's record is archived: restore it first", type: "STATE",
        subject: "patient.state")
    }
  }

  private func checkInUse(_ wanted: WantedTime) throws {
    for (index, id) in wanted.resourceIDs.enumerated() where resource(id)?.state != .active {
      throw RPCError.failedPrecondition(
        "The resource '\(resource(id)?.name ?? id.text)' is retired", type: "STATE",
        subject: "\(wanted.fields.resources)[\(index)]")
    }
  }
}
