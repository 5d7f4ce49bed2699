package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension AppointmentHandler {
  package func acceptAppointment(
    _ request: AcceptAppointmentRequest, context: TenantContext
  ) async throws -> AcceptAppointmentResponse {
    try await move(request, request.appointmentID, etag: request.etag, .accept, context) {
      AcceptAppointmentResponse(appointment: $0)
    }
  }

  package func confirmAppointment(
    _ request: ConfirmAppointmentRequest, context: TenantContext
  ) async throws -> ConfirmAppointmentResponse {
    try await move(request, request.appointmentID, etag: request.etag, .confirm, context) {
      ConfirmAppointmentResponse(appointment: $0)
    }
  }

  package func arriveAppointment(
    _ request: ArriveAppointmentRequest, context: TenantContext
  ) async throws -> ArriveAppointmentResponse {
    try await move(request, request.appointmentID, etag: request.etag, .arrive, context) {
      ArriveAppointmentResponse(appointment: $0)
    }
  }

  package func checkInAppointment(
    _ request: CheckInAppointmentRequest, context: TenantContext
  ) async throws -> CheckInAppointmentResponse {
    try await move(request, request.appointmentID, etag: request.etag, .checkIn, context) {
      CheckInAppointmentResponse(appointment: $0)
    }
  }

  package func startAppointment(
    _ request: StartAppointmentRequest, context: TenantContext
  ) async throws -> StartAppointmentResponse {
    try await move(request, request.appointmentID, etag: request.etag, .start, context) {
      StartAppointmentResponse(appointment: $0)
    }
  }

  package func completeAppointment(
    _ request: CompleteAppointmentRequest, context: TenantContext
  ) async throws -> CompleteAppointmentResponse {
    try await move(request, request.appointmentID, etag: request.etag, .complete, context) {
      CompleteAppointmentResponse(appointment: $0)
    }
  }

  package func markAppointmentNoShow(
    _ request: MarkAppointmentNoShowRequest, context: TenantContext
  ) async throws -> MarkAppointmentNoShowResponse {
    try await move(request, request.appointmentID, etag: request.etag, .markNoShow, context) {
      MarkAppointmentNoShowResponse(appointment: $0)
    }
  }

  package func markAppointmentLeftBeforeSeen(
    _ request: MarkAppointmentLeftBeforeSeenRequest, context: TenantContext
  ) async throws -> MarkAppointmentLeftBeforeSeenResponse {
    try await move(
      request, request.appointmentID, etag: request.etag, .markLeftBeforeSeen, context
    ) { MarkAppointmentLeftBeforeSeenResponse(appointment: $0) }
  }

  package func markAppointmentEnteredInError(
    _ request: MarkAppointmentEnteredInErrorRequest, context: TenantContext
  ) async throws -> MarkAppointmentEnteredInErrorResponse {
    try await move(
      request, request.appointmentID, etag: request.etag, .markEnteredInError, context,
      reason: request.reason
    ) { MarkAppointmentEnteredInErrorResponse(appointment: $0) }
  }

  package func cancelAppointment(
    _ request: CancelAppointmentRequest, context: TenantContext
  ) async throws -> CancelAppointmentResponse {
    let id = try UUID(contract: request.appointmentID, field: "appointment_id")
    try Self.checkCancellation(
      by: request.cancelledBy, reason: request.reason, note: request.note)
    let scope = TenantScope(context, in: database)
    let clock = try await ClinicClock(of: scope)
    return try await scope.mutate(request) { mutation in
      var appointment = try await lock(id, etag: request.etag, by: mutation)
      _ = try target(of: .cancel, from: appointment)
      try await mutation.releaseTime(of: [id])
      try cancel(
        &appointment, by: request.cancelledBy, reason: request.reason, note: request.note,
        replacement: nil, clock: clock, mutation: mutation)
      mutation.log(Change(.cancelled, .appointment, [id], reason: request.note))
      return CancelAppointmentResponse(appointment: appointment)
    }
  }

  /// Refuses what only the server says, and another reason without saying which.
  static func checkCancellation(
    by who: CancelledBy, reason: CancellationReason, note: String
  ) throws {
    guard who != .system else { throw saidByServer("cancelled_by") }
    guard reason != .rescheduled, reason != .holdExpired else { throw saidByServer("reason") }
    guard reason != .other || !note.isEmpty else {
      throw RPCError.invalidArgument(
        field: "note", reason: "REQUIRED", description: "must say what the other reason is")
    }
  }

  static func saidByServer(_ field: String) -> RPCError {
    .invalidArgument(
      field: field, reason: "NOT_ALLOWED", description: "must not be one that only the server says")
  }

  /// Locks an appointment until the end of the transaction and checks the caller's version.
  func lock(_ id: UUID, etag: String, by mutation: Mutation) async throws -> Appointment {
    let rows = try await mutation.query(AppointmentStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let appointment = try Appointment(row: rows[0])
    try Etag.check(etag, against: appointment.etag)
    return appointment
  }

  /// Where a verb leads from an appointment's status; FAILED_PRECONDITION where it leads nowhere.
  func target(
    of verb: AppointmentVerb, from appointment: Appointment
  ) throws -> AppointmentStatus {
    if let target = AppointmentTransitions.target(of: verb, from: appointment.status) {
      return target
    }
    if verb == .accept, appointment.cancellation?.reason == .holdExpired {
      throw RPCError.failedPrecondition(
        "The hold has ended: book anew", reason: "HOLD_EXPIRED", subject: "appointment.status")
    }
    let allowed = AppointmentTransitions.allowed(in: appointment.status).map(\.rawValue)
    throw RPCError(
      code: .failedPrecondition,
      message:
        "An appointment that is \(appointment.status.name) cannot \(verb.rawValue); allowed: "
        + (allowed.isEmpty ? "nothing" : allowed.joined(separator: ", ")),
      details: [
        .preconditionFailure(
          type: "STATE", subject: "appointment.status",
          description: "allowed: \(allowed.joined(separator: ", "))"),
        .errorInfo(
          reason: "TRANSITION_REFUSED",
          metadata: [
            "status": appointment.status.name, "verb": verb.rawValue,
            "allowed": allowed.joined(separator: ",")
          ])
      ])
  }

  /// Puts off the cancellation of an appointment whose time is freed, with the clinic's policy.
  func cancel(
    _ appointment: inout Appointment, by who: CancelledBy, reason: CancellationReason,
    note: String, replacement: UUID?, clock: ClinicClock, mutation: Mutation
  ) throws {
    let notice = appointment.span.start - mutation.now.unixSeconds
    let isLate = who == .patient && notice < clock.lateCancellation
    mutation.enqueue(
      AppointmentStatements.cancel(
        mutation.companyID, try appointment.uuid, Int16(truncatingIfNeeded: who.rawValue),
        Int16(truncatingIfNeeded: reason.rawValue), note, isLate, replacement))
    appointment.move(to: .cancelled, at: mutation.now)
    appointment.rescheduledToAppointmentID = replacement?.text ?? ""
    appointment.cancellation = Cancellation(
      cancelledBy: who, reason: reason, note: note, late: isLate,
      cancelTime: Timestamp(mutation.now))
  }

  private func move<Request: MutationRequest, Reply: Message>(
    _ request: Request, _ id: String, etag: String, _ verb: AppointmentVerb,
    _ context: TenantContext, reason: String = "", reply: (Appointment) -> Reply
  ) async throws -> Reply {
    let id = try UUID(contract: id, field: "appointment_id")
    return try await Booking.settle(in: TenantScope(context, in: database)) { booking in
      try await booking.scope.mutate(request) { mutation in
        var appointment = try await lock(id, etag: etag, by: mutation)
        let target = try target(of: verb, from: appointment)
        try checkTime(
          of: verb, appointment, at: mutation.now.unixSeconds, clock: booking.clock.resolver)
        try await takeUpTime(of: appointment, verb, target, booking, mutation)
        mutation.enqueue(
          AppointmentStatements.setStatus(
            mutation.companyID, id, Int16(truncatingIfNeeded: target.rawValue)))
        mutation.log(
          Change(Self.action(of: verb), .appointment, [id], fields: ["status"], reason: reason))
        appointment.move(to: target, at: mutation.now)
        if target != .cancelled { appointment.cancellation = nil }
        return reply(appointment)
      }
    }
  }

  /// TOO_EARLY for what cannot have happened yet: nobody comes, or is seen, before the day of the
  /// appointment, and nobody has stayed away before it begins.
  private func checkTime(
    of verb: AppointmentVerb, _ appointment: Appointment, at now: Int64, clock: LocalTimeResolver
  ) throws {
    let earliest = AppointmentTransitions.earliest(
      for: verb, start: appointment.span.start, clock: clock)
    guard let earliest, now < earliest else { return }
    throw RPCError.failedPrecondition(
      verb == .markNoShow
        ? "The appointment has not begun" : "The appointment is on another day, still to come",
      reason: "TOO_EARLY", subject: "appointment.start_time")
  }

  /// Claims or frees the time of an appointment whose status begins or ceases to take it up.
  private func takeUpTime(
    of appointment: Appointment, _ verb: AppointmentVerb, _ target: AppointmentStatus,
    _ booking: Booking, _ mutation: Mutation
  ) async throws {
    let id = try appointment.uuid
    switch (appointment.status.takesUpTime, target.takesUpTime) {
    case (false, true):
      let wanted = WantedTime(
        patientID: try UUID(contract: appointment.patientID, field: "patient_id"),
        appointmentTypeID: try UUID(
          contract: appointment.appointmentTypeID, field: "appointment_type_id"),
        start: appointment.span.start, length: appointment.span.length,
        resourceIDs: try appointment.resourceIds.map {
          try UUID(contract: $0, field: "resource_ids")
        }, reason: appointment.reason, fields: .appointment("appointment"))
      if verb == .accept {
        try WantedTime.checkNotPast(
          wanted.start, field: wanted.fields.start, now: mutation.now.unixSeconds)
        // Before the facts are read: nobody archives the record from then on.
        mutation.enqueue(AppointmentStatements.lockPatient(mutation.companyID, wanted.patientID))
      }
      let facts = try await booking.facts(wanted, by: mutation)
      // Who was here is here again, whatever has become of the record since.
      if verb == .accept { try facts.checkPatientActive() }
      // What was put beside others on purpose may come back beside them.
      let isOverbooked = !appointment.overbookReason.isEmpty
      try facts.checkFree(for: wanted, mayOverbook: isOverbooked)
      mutation.enqueue(
        AppointmentStatements.setBuffers(
          mutation.companyID, id, facts.type.bufferBeforeMinutes, facts.type.bufferAfterMinutes))
      mutation.enqueue(AppointmentStatements.claim(mutation.companyID, id, isOverbooked))
    case (true, false):
      try await mutation.releaseTime(of: [id])
    case (true, true) where appointment.status == .held:
      try await mutation.keepTime(of: id)
    default:
      break
    }
  }

  private static func action(of verb: AppointmentVerb) -> Change.Action {
    switch verb {
    case .accept: .accepted
    case .confirm: .confirmed
    case .arrive: .arrived
    case .checkIn: .checkedIn
    case .start: .started
    case .complete: .completed
    case .reschedule: .rescheduled
    case .cancel: .cancelled
    case .markNoShow: .noShow
    case .markLeftBeforeSeen: .leftBeforeSeen
    case .markEnteredInError: .enteredInError
    }
  }
}
