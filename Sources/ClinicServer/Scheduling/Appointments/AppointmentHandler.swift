package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.AppointmentService`.
package struct AppointmentHandler: AppointmentService.Handler {
  /// The longest range in which slots are looked for, and the one where the request does not say.
  private static let longestRange: Int64 = 62 * 86_400
  private static let usualRange: Int64 = 7 * 86_400

  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such appointment", reason: "APPOINTMENT_NOT_FOUND", field: "appointment_id")

  package func findSlots(
    _ request: FindSlotsRequest, context: TenantContext
  ) async throws -> FindSlotsResponse {
    let scope = TenantScope(context, in: database)
    let clock = try await ClinicClock(of: scope)
    let now = PostgresTimestamp.now.unixSeconds
    let start = max(request.fromTime?.seconds ?? now, now)
    let end = request.untilTime?.seconds ?? (start + Self.usualRange)
    guard end >= start, end - start <= Self.longestRange else {
      throw RPCError.invalidArgument(
        field: "until_time", reason: "OUT_OF_RANGE",
        description: "must be from_time (now where that has passed) or up to 62 days later")
    }
    let resourceIDs = try WantedTime.ids(request.resourceIds, field: "resource_ids")
    let question = SchedulingFacts.Question(
      appointmentTypeID: try UUID(
        contract: request.appointmentTypeID, field: "appointment_type_id"),
      patientID: request.patientID.isEmpty
        ? nil : try UUID(contract: request.patientID, field: "patient_id"),
      resourceIDs: resourceIDs, span: Span(start, end), clock: clock, fields: .search)
    let facts = try SchedulingFacts(
      question, rows: try await scope.read(question.statements(in: scope.companyID)))
    // Where a patient is free tells where they are not.
    if let patientID = question.patientID { scope.noteRead([patientID]) }
    guard facts.type.state == .active, let inUse = facts.inUse(resourceIDs) else {
      return FindSlotsResponse(timeZone: clock.resolver.timeZone)
    }
    let search = try facts.search(
      length: request.lengthMinutes == 0 ? nil : Int64(request.lengthMinutes) * 60,
      restrictedTo: inUse)
    let slots = try search.slots(
      in: Span(start, end),
      grid: request.alignmentMinutes == 0 ? clock.grid : Int(request.alignmentMinutes) * 60,
      calendar: facts.calendar, leadingKind: Int(ResourceKind.practitioner.rawValue),
      limit: Paging.size(request.pageSize))
    return FindSlotsResponse(slots: slots.map(Slot.init), timeZone: clock.resolver.timeZone)
  }

  package func getAppointment(
    _ request: GetAppointmentRequest, context: TenantContext
  ) async throws -> GetAppointmentResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.appointmentID, field: "appointment_id")
    let rows = try await scope.read(AppointmentStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let appointment = try Appointment(row: rows[0])
    scope.noteRead([id], of: [appointment.patientID])
    return GetAppointmentResponse(appointment: appointment)
  }

  package func listAppointments(
    _ request: ListAppointmentsRequest, context: TenantContext
  ) async throws -> ListAppointmentsResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? AppointmentFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(
      pageTokens, scope,
      filter: try filter.serializedBytes() + [request.order == .latestFirst ? 1 : 0])
    let query = try AppointmentListQuery(
      companyID: scope.companyID, filter: filter, isDescending: request.order == .latestFirst)
    let rows = try await scope.read(
      query.page(after: paging.cursor(of: request.pageToken), limit: size + 1))
    let (appointments, next) = try paging.page(rows, size: size) {
      try Appointment(row: $0)
    } cursor: { last, _ in
      PageCursor([.integer(last.startTime?.seconds ?? 0), .uuid(try last.uuid)])
    }
    scope.noteRead(try appointments.map { try $0.uuid }, of: appointments.map(\.patientID))
    return ListAppointmentsResponse(appointments: appointments, nextPageToken: next)
  }
}
