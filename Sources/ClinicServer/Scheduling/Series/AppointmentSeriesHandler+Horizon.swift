internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

extension AppointmentSeriesHandler {
  /// Books a series up to today's horizon, and plans to go on tomorrow where it does. What does not
  /// fit is left out; the change log says which occurrences these are. Where nothing can fit at any
  /// time, the series ends, and says why.
  func bookFurther(_ id: UUID, booking: Booking, by mutation: Mutation) async throws {
    let rows = try await mutation.query(AppointmentSeriesStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { return }
    var series = try AppointmentSeries(row: rows[0])
    guard series.state == .active, let pattern = series.pattern else { return }
    let clock = booking.clock.resolver
    let recurrence = try pattern.recurrence(path: "series.pattern", clock: clock)
    let horizon = booking.horizon(at: mutation.now)
    let booked = series.bookedThroughDay
    guard horizon > booked else {
      return planFurther(id, recurrence, horizon: booked, by: mutation)
    }
    let instants = recurrence.instants(
      after: mutation.now.unixSeconds, through: horizon, clock: clock
    ).filter { clock.local(at: $0).localDay > booked }
    let occurrences: [SeriesOccurrence]
    do {
      occurrences = try await SeriesBooker(booking: booking, series: series)
        .book(
          instants.prefix(SeriesBooker.mostOccurrences).map { .init(recurrence: $0) }, by: mutation)
    } catch let refusal as RPCError where refusal.isRefusalOfBooking {
      series.state = .ended
      series.endReason = AppointmentSeriesEndReason(refusal)
      try store(series, recurrence, by: mutation)
      return mutation.log(
        Change(
          .updated, .appointmentSeries, [id], fields: ["state", "end_reason"],
          reason: refusal.message))
    }
    planFurther(id, recurrence, horizon: horizon, by: mutation)
    series.bookedThrough = Date(day: horizon.number)
    try store(series, recurrence, by: mutation)
    let missing = occurrences.filter { !$0.conflict.isEmpty }
      .map { "\(clock.local(at: $0.recurrenceTime?.seconds ?? 0)) \($0.conflict)" }
    mutation.log(
      Change(
        .updated, .appointmentSeries, [id], fields: ["booked_through"],
        reason: missing.isEmpty ? "" : "Not booked: " + missing.joined(separator: ", ")))
  }

  /// Has a timer book a series further in a day, where it goes on after a horizon.
  func planFurther(
    _ id: UUID, _ recurrence: Recurrence, horizon: LocalDay, by mutation: Mutation
  ) {
    guard recurrence.goesOn(after: horizon) else { return }
    mutation.setTimer(.seriesHorizon, of: id, to: mutation.now.advanced(by: .seconds(86_400)))
  }

  /// Puts off the update of a series.
  func store(
    _ series: AppointmentSeries, _ recurrence: Recurrence, by mutation: Mutation
  ) throws {
    mutation.enqueue(
      AppointmentSeriesStatements.update(
        mutation.companyID, try series.uuid, recurrence.stored,
        try WantedTime.ids(series.resourceIds, field: "series.resource_ids"),
        series.lengthMinutes, series.reason, Int16(truncatingIfNeeded: series.state.rawValue),
        series.bookedThrough.postgres, series.endReason.stored))
  }
}

extension AppointmentSeriesEndReason {
  /// The one that a refusal to book stands for, by what it says must be so first.
  fileprivate init(_ refusal: RPCError) {
    var subject: String?
    for case .preconditionFailure(let failure) in refusal.details {
      subject = failure.violations.first?.subject
    }
    self =
      switch subject {
      case "patient.state": .patientArchived
      case "appointment_type.state": .typeRetired
      // The state of one of those that it names.
      case let subject? where subject.contains("resource_ids["): .resourceRetired
      // A resource that the type does not need any more is refused as an argument.
      case "appointment_type.needs", nil: .needsUnmet
      default: .other
      }
  }

  /// The names that the database keeps.
  private static let names: [String: Self] = [
    "PATIENT_ARCHIVED": .patientArchived, "TYPE_RETIRED": .typeRetired,
    "RESOURCE_RETIRED": .resourceRetired, "NEEDS_UNMET": .needsUnmet, "OTHER": .other
  ]

  /// The name that the database keeps; empty where nothing is stated.
  var stored: String { Self.names.first { $0.value == self }?.key ?? "" }

  /// The reason of a name that the database keeps. A sentence is of a server before there were names.
  init(stored: String) {
    self = stored.isEmpty ? .unspecified : Self.names[stored] ?? .other
  }
}

extension RPCError {
  /// Whether it says that an appointment cannot be booked, at this or any other time: a fault would
  /// have another code.
  fileprivate var isRefusalOfBooking: Bool {
    code == .failedPrecondition || code == .invalidArgument
  }
}
