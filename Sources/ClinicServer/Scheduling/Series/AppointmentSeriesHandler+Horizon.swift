internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

extension AppointmentSeriesHandler {
  /// Books a series up to today's horizon, and plans to go on tomorrow where it does. What does not
  /// fit is left out; the change log says which occurrences these are.
  func bookFurther(_ id: UUID, booking: Booking, by mutation: Mutation) async throws {
    let rows = try await mutation.query(AppointmentSeriesStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { return }
    var series = try AppointmentSeries(row: rows[0])
    guard series.state == .active, let pattern = series.pattern else { return }
    let clock = booking.clock.resolver
    let recurrence = try pattern.recurrence(path: "series.pattern", clock: clock)
    let horizon = booking.horizon(at: mutation.now)
    let booked = series.bookedThroughDay
    planFurther(id, recurrence, horizon: max(horizon, booked), by: mutation)
    guard horizon > booked else { return }
    let instants = recurrence.instants(
      after: mutation.now.unixSeconds, through: horizon, clock: clock
    ).filter { clock.local(at: $0).localDay > booked }
    let occurrences = try await SeriesBooker(booking: booking, series: series)
      .book(
        instants.prefix(SeriesBooker.mostOccurrences).map { .init(recurrence: $0) }, by: mutation)
    series.bookedThrough = Date(day: horizon.number)
    try store(series, recurrence, by: mutation)
    let missing = occurrences.filter { !$0.conflict.isEmpty }
      .map { "\(clock.local(at: $0.recurrenceTime?.seconds ?? 0)) \($0.conflict)" }
    mutation.log(
      Change(
        .updated, "appointment_series", [id], fields: ["booked_through"],
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
        series.bookedThrough.postgres))
  }
}
