internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// What must be known to find a time for a kind of appointment: read in one round trip, then all
/// arithmetic.
struct SchedulingFacts {
  let type: AppointmentType
  /// The patient's name; nil where none was asked for.
  let patientName: String?
  let isPatientActive: Bool
  let clock: ClinicClock
  let calendar: LocalCalendar
  private let resources: [Resource]
  private let exceptions: [AvailabilityException]
  private let claims: [UUID: [Span]]
  private let patientID: UUID?

  /// What to ask the database.
  struct Question {
    let appointmentTypeID: UUID
    let patientID: UUID?
    /// Resources that the caller names: they are read although they may be retired.
    let resourceIDs: [UUID]
    /// The span in which appointments are looked for.
    let span: Span
    let clock: ClinicClock
    /// Where the request says so.
    let fields: BookingFields
    /// An appointment whose time counts as free.
    var replaced: UUID?

    /// The statements, whose rows ``SchedulingFacts/init(_:rows:)`` takes.
    func statements(in companyID: UUID) -> [BoundStatement] {
      let bounds = calendar.localBounds
      // A buffer reaches out of the span by 4 hours at most.
      let buffer: Int64 = 4 * 3_600
      let statements = [
        AppointmentTypeStatements.get(companyID, appointmentTypeID),
        AppointmentStatements.patient(companyID, patientID ?? SystemActor.id),
        ResourceStatements.bookable(companyID, resourceIDs),
        AvailabilityStatements.within(companyID, bounds.starts.postgres, bounds.ends.postgres),
        AppointmentStatements.claims(
          companyID, resourceIDs, patientID, PostgresTimestamp(instant: span.start - buffer),
          PostgresTimestamp(instant: span.end + buffer))
      ]
      guard let replaced else { return statements }
      return statements + [AppointmentStatements.claimsOf(companyID, replaced)]
    }

    var calendar: LocalCalendar { LocalCalendar(clock.resolver, over: span) }
  }

  /// The facts that answer a question. NOT_FOUND for a type, a patient or a resource that does not
  /// exist.
  init(_ question: Question, rows: [PostgresRows]) throws {
    guard rows[0].count == 1 else {
      throw AppointmentTypeHandler.notFound.about(question.fields.type)
    }
    type = try AppointmentType(row: rows[0][0])
    clock = question.clock
    calendar = question.calendar
    patientID = question.patientID
    if question.patientID == nil {
      patientName = nil
      isPatientActive = true
    } else {
      guard rows[1].count == 1 else {
        throw PatientHandler.notFound.about(question.fields.patient)
      }
      patientName = try rows[1][0].decode(0)
      isPatientActive =
        try rows[1][0].decode(1, as: Int16.self) == Int16(PatientState.active.rawValue)
    }
    resources = try (0..<rows[2].count).map { try Resource(row: rows[2][$0]) }
    exceptions = try (0..<rows[3].count).map { try AvailabilityException(row: rows[3][$0]) }
    var claims: [UUID: [Span]] = [:]
    for index in 0..<rows[4].count {
      let (id, starts, ends) = try rows[4][index].decode(
        UUID.self, [PostgresTimestamp].self, [PostgresTimestamp].self)
      claims[id] = zip(starts, ends).map { Span($0.unixSeconds, $1.unixSeconds) }
    }
    if question.replaced != nil {
      for index in 0..<rows[5].count {
        let (id, starts, ends) = try rows[5][index].decode(
          UUID.self, PostgresTimestamp.self, PostgresTimestamp.self)
        // Others may have the same time of one that takes several.
        let span = Span(starts.unixSeconds, ends.unixSeconds)
        if let own = claims[id]?.firstIndex(of: span) { claims[id]?.remove(at: own) }
      }
    }
    self.claims = claims
    let known = Set(resources.map(\.resourceID))
    for (index, id) in question.resourceIDs.enumerated() where !known.contains(id.text) {
      throw ResourceHandler.notFound.about("\(question.fields.resources)[\(index)]")
    }
  }

  /// Refuses an appointment with CL002 where anything of this was changed since it was read: the
  /// database says so last, once nobody can change it any more.
  ///
  /// - Parameter ignoresHours: Whether leave and closures do not matter.
  func admission(
    of appointmentID: UUID, with resourceIDs: [UUID], in companyID: UUID, ignoresHours: Bool
  ) throws -> BoundStatement {
    let bounds = calendar.localBounds
    let known: [UUID]? = try ignoresHours ? nil : exceptions.map { try $0.uuid }
    let texts = Set(resourceIDs.map(\.text))
    let extra: [UUID]? =
      try ignoresHours
      ? nil
      : exceptions.filter { $0.kind == .extraHours && texts.contains($0.resourceID) }
        .map { try $0.uuid }
    return AppointmentStatements.admit(
      companyID, appointmentID, clock.resolver.timeZone,
      ignoresHours ? nil : clock.settingsVersion, VersionTag.version(type.etag) ?? 0,
      resourceIDs, resourceIDs.map { resource($0).flatMap { VersionTag.version($0.etag) } ?? 0 },
      known, extra, bounds.starts.postgres, bounds.ends.postgres)
  }

  /// A resource that was read.
  func resource(_ id: UUID) -> Resource? { resources.first { $0.resourceID == id.text } }

  /// Those of some resources that are in use; nil where of a kind that they name none is left.
  func inUse(_ ids: [UUID]) -> Set<UUID>? {
    let named = ids.compactMap { id in resource(id).map { (id: id, resource: $0) } }
    let active = named.filter { $0.resource.state == .active }
    guard Set(active.map(\.resource.kind)) == Set(named.map(\.resource.kind)) else { return nil }
    return Set(active.map(\.id))
  }

  /// Those of an appointment's resources that its type needs as it is now. A practitioner who has
  /// left is among them, and is refused; a room that is not used any more is replaced.
  func needed(of ids: [UUID]) throws -> [UUID] {
    try search(restrictedTo: Set(ids)).meeting(
      ids.filter { resource($0).map { $0.state == .active || $0.kind == .practitioner } ?? false })
  }

  /// A search over the facts.
  ///
  /// - Parameters:
  ///   - length: Seconds that the appointment takes; the type's where it is nil.
  ///   - restrictedTo: Of each kind among these, only these.
  ///   - ignoresNeeds: Takes the resources themselves for what is needed: for an appointment whose
  ///     type may have changed since.
  func search(
    length: Int64? = nil, restrictedTo given: Set<UUID> = [], ignoresNeeds: Bool = false
  ) throws -> SlotSearch {
    let givenKinds = Set(given.compactMap { resource($0)?.kind })
    let needs =
      try ignoresNeeds
      ? given.compactMap { id in
        resource(id).map { SlotSearch.Need(kind: Int($0.kind.rawValue), ids: [id]) }
      }
      : type.needs.map { need in
        SlotSearch.Need(
          kind: Int(need.kind.rawValue),
          ids: Set(try need.resourceIds.map { try UUID(contract: $0, field: "resource_ids") }))
      }
    let kinds = Set(needs.map(\.kind))
    let candidates = try resources.compactMap { resource -> SlotSearch.Candidate? in
      let id = try UUID(contract: resource.resourceID, field: "resource_id")
      guard kinds.contains(Int(resource.kind.rawValue)),
        given.contains(id) || !givenKinds.contains(resource.kind) && resource.state == .active
      else { return nil }
      return SlotSearch.Candidate(
        id: id, kind: Int(resource.kind.rawValue), capacity: Int(resource.capacity),
        open: clock.spans(of: resource, deviations: exceptions, in: calendar),
        claims: claims[id] ?? [])
    }
    return SlotSearch(
      needs: needs, length: length ?? Int64(type.lengthMinutes) * 60,
      bufferBefore: Int64(type.bufferBeforeMinutes) * 60,
      bufferAfter: Int64(type.bufferAfterMinutes) * 60, candidates: candidates,
      patientClaims: patientID.flatMap { claims[$0] } ?? [])
  }
}

extension Slot {
  /// A slot of a search on the contract.
  init(_ slot: SlotSearch.Slot) {
    self.init(
      startTime: Timestamp(instant: slot.span.start), endTime: Timestamp(instant: slot.span.end),
      resourceIds: slot.ids.map(\.text))
  }
}
