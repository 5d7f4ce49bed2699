package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.AppointmentSeriesService`.
package struct AppointmentSeriesHandler: AppointmentSeriesService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such series", reason: "APPOINTMENT_SERIES_NOT_FOUND",
    field: "appointment_series_id")

  static let notBooked = RPCError.failedPrecondition(
    "The occurrence has no appointment", reason: "OCCURRENCE_NOT_BOOKED",
    subject: "recurrence_time")

  var appointments: AppointmentHandler {
    AppointmentHandler(database: database, pageTokens: pageTokens)
  }

  package func createAppointmentSeries(
    _ request: CreateAppointmentSeriesRequest, context: TenantContext
  ) async throws -> CreateAppointmentSeriesResponse {
    try await Booking.settle(in: TenantScope(context, in: database)) { booking in
      try await booking.scope.mutate(request) { mutation in
        let wanted = request.series ?? AppointmentSeries()
        let recurrence = try (wanted.pattern ?? RecurrencePattern())
          .recurrence(path: "series.pattern", clock: booking.clock.resolver)
        guard recurrence.rule != nil else {
          throw RPCError.invalidArgument(
            field: "series.pattern.rule", reason: "REQUIRED", description: "must be a rule")
        }
        _ = try WantedTime.start(
          Timestamp(instant: booking.clock.resolver.instant(of: recurrence.start)),
          field: "series.pattern.start", now: mutation.now.unixSeconds)
        let (series, occurrences) = try await begin(
          wanted, recurrence, skippingConflicts: request.skipConflicts, booking: booking,
          by: mutation)
        return CreateAppointmentSeriesResponse(series: series, occurrences: occurrences)
      }
    }
  }

  /// Puts in a new series and books its occurrences up to the clinic's horizon.
  private func begin(
    _ wanted: AppointmentSeries, _ recurrence: Recurrence, skippingConflicts: Bool,
    booking: Booking, by mutation: Mutation
  ) async throws -> (AppointmentSeries, [SeriesOccurrence]) {
    let horizon = booking.horizon(at: mutation.now)
    let instants = recurrence.instants(
      after: mutation.now.unixSeconds - WantedTime.grace, through: horizon,
      clock: booking.clock.resolver)
    guard !instants.isEmpty, instants.count <= SeriesBooker.mostOccurrences else {
      throw RPCError.failedPrecondition(
        "The series has \(instants.count) appointments up to \(horizon); it must have from 1 to "
          + "\(SeriesBooker.mostOccurrences)",
        reason: "SERIES_SIZE", subject: "series.pattern")
    }
    let series = try await insert(
      wanted, recurrence, previous: nil, skippingConflicts: skippingConflicts, horizon: horizon,
      by: mutation)
    let booked = try await SeriesBooker(booking: booking, series: series)
      .book(instants.map { .init(recurrence: $0) }, by: mutation)
    return (series, try SeriesBooker.admit(booked, skippingConflicts: skippingConflicts))
  }

  /// Puts in a series, and has a job book it further where it goes on. NOT_FOUND for a patient or a
  /// type that does not exist.
  func insert(
    _ wanted: AppointmentSeries, _ recurrence: Recurrence, previous: UUID?,
    skippingConflicts: Bool, horizon: LocalDay, by mutation: Mutation
  ) async throws -> AppointmentSeries {
    let patientID = try UUID(contract: wanted.patientID, field: "series.patient_id")
    let appointmentTypeID = try UUID(
      contract: wanted.appointmentTypeID, field: "series.appointment_type_id")
    let rows = try await mutation.query([
      AppointmentStatements.patient(mutation.companyID, patientID),
      AppointmentTypeStatements.get(mutation.companyID, appointmentTypeID)
    ])
    guard rows[0].count == 1 else { throw PatientHandler.notFound.about("series.patient_id") }
    guard rows[1].count == 1 else {
      throw AppointmentTypeHandler.notFound.about("series.appointment_type_id")
    }
    let id = UUIDv7.make()
    var series = wanted
    series.appointmentSeriesID = id.text
    series.patientName = try rows[0][0].decode(0)
    series.appointmentTypeName = try AppointmentType(row: rows[1][0]).name
    series.pattern = RecurrencePattern(recurrence)
    series.state = .active
    series.bookedThrough = Date(day: horizon.number)
    series.previousAppointmentSeriesID = previous?.text ?? ""
    series.createTime = Timestamp(mutation.now)
    series.updateTime = Timestamp(mutation.now)
    series.etag = Etag.text(version: 1)
    mutation.enqueue(
      AppointmentSeriesStatements.insert(
        mutation.companyID, id, patientID, appointmentTypeID, recurrence.stored,
        try WantedTime.ids(series.resourceIds, field: "series.resource_ids"),
        series.lengthMinutes, series.reason, skippingConflicts,
        series.bookedThrough.postgres,
        previous))
    mutation.log(Change(.created, .appointmentSeries, [id]))
    planFurther(id, recurrence, horizon: horizon, by: mutation)
    return series
  }

  package func getAppointmentSeries(
    _ request: GetAppointmentSeriesRequest, context: TenantContext
  ) async throws -> GetAppointmentSeriesResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.appointmentSeriesID, field: "appointment_series_id")
    let rows = try await scope.read([
      AppointmentSeriesStatements.get(scope.companyID, id),
      AppointmentSeriesStatements.occurrences(scope.companyID, id)
    ])
    guard rows[0].count == 1 else { throw Self.notFound }
    let occurrences = try (0..<rows[1].count).reversed().map {
      SeriesOccurrence(try Appointment(row: rows[1][$0]))
    }
    let series = try AppointmentSeries(row: rows[0][0])
    scope.noteRead(
      [id] + (try occurrences.compactMap { try $0.appointment?.uuid }), of: [series.patientID])
    return GetAppointmentSeriesResponse(series: series, occurrences: occurrences)
  }

  package func listAppointmentSeries(
    _ request: ListAppointmentSeriesRequest, context: TenantContext
  ) async throws -> ListAppointmentSeriesResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? AppointmentSeriesFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: try filter.serializedBytes())
    let rows = try await scope.read(
      AppointmentSeriesStatements.list(
        scope.companyID, try paging.cursor(of: request.pageToken)?.uuid(0),
        try UUID(optional: filter.patientID, field: "filter.patient_id"),
        Int16(truncatingIfNeeded: filter.state.rawValue), Int64(size + 1)))
    let (series, next) = try paging.page(rows, size: size) {
      try AppointmentSeries(row: $0)
    } cursor: { last, _ in
      PageCursor([.uuid(try last.uuid)])
    }
    let ids = try series.map { try $0.uuid }
    scope.noteRead(ids, of: series.map(\.patientID))
    return ListAppointmentSeriesResponse(series: series, nextPageToken: next)
  }
}

extension SeriesOccurrence {
  /// The occurrence that an appointment is.
  init(_ appointment: Appointment) {
    self.init(recurrenceTime: appointment.recurrenceTime, appointment: appointment)
  }
}

extension Booking {
  /// The last day on which the appointments of a series are booked.
  func horizon(at now: PostgresTimestamp) -> LocalDay {
    clock.resolver.local(at: now.unixSeconds).localDay + clock.seriesHorizon
  }
}
