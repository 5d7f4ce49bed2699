package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension AppointmentSeriesHandler {
  package func cancelAppointmentSeries(
    _ request: CancelAppointmentSeriesRequest, context: TenantContext
  ) async throws -> CancelAppointmentSeriesResponse {
    try AppointmentHandler.checkCancellation(
      by: request.cancelledBy, reason: request.reason, note: request.note)
    let booking = try await Booking(TenantScope(context, in: database))
    return try await booking.scope.mutate(request) { mutation in
      let part = try await part(
        of: request.appointmentSeriesID, request.scope, at: request.recurrenceTime,
        etag: request.etag,
        booking: booking, by: mutation)
      let ahead =
        request.scope == .this
        ? try occurrence(of: part)
        : part.appointments.filter {
          $0.span.start > mutation.now.unixSeconds
            && AppointmentTransitions.target(of: .cancel, from: $0.status) != nil
        }
      try await mutation.releaseTime(of: try ahead.map { try $0.uuid })
      var cancelled: [SeriesOccurrence] = []
      for var appointment in ahead {
        let id = try appointment.uuid
        try appointments.cancel(
          &appointment, by: request.cancelledBy, reason: request.reason, note: request.note,
          replacement: nil, clock: booking.clock, mutation: mutation)
        mutation.log(Change(.cancelled, .appointment, [id], reason: request.note))
        cancelled.append(SeriesOccurrence(appointment))
      }
      return CancelAppointmentSeriesResponse(
        series: try end(part, request.scope, booking: booking, by: mutation),
        occurrences: cancelled)
    }
  }

  /// The appointment of the one occurrence that is meant, which can be cancelled. None for one that
  /// is still to be booked, which then never is.
  private func occurrence(of part: Part) throws -> [Appointment] {
    guard let appointment = part.appointments.last else {
      guard part.moment.localDay > part.series.bookedThroughDay else { throw Self.notBooked }
      return []
    }
    _ = try appointments.target(of: .cancel, from: appointment)
    return [appointment]
  }

  /// Takes what is cancelled out of the pattern, so that nothing books it again.
  private func end(
    _ part: Part, _ scope: SeriesScope, booking: Booking, by mutation: Mutation
  ) throws -> AppointmentSeries {
    guard scope == .this else {
      return try end(
        part.series, with: scope == .all ? nil : part.before, booking: booking, by: mutation)
    }
    var recurrence = try (part.series.pattern ?? RecurrencePattern())
      .recurrence(path: "series.pattern", clock: booking.clock.resolver)
    recurrence.exceptions.insert(part.moment)
    return try end(part.series, with: recurrence, booking: booking, by: mutation)
  }
}
