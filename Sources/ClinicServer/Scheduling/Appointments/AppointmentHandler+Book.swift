package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension AppointmentHandler {
  package func requestAppointment(
    _ request: RequestAppointmentRequest, context: TenantContext
  ) async throws -> RequestAppointmentResponse {
    try await put(request, request.appointment, context, as: { _, _ in .requested }) {
      RequestAppointmentResponse(appointment: $0)
    }
  }

  package func holdAppointment(
    _ request: HoldAppointmentRequest, context: TenantContext
  ) async throws -> HoldAppointmentResponse {
    try await put(
      request, request.appointment, context,
      as: { clock, now in
        .held(
          until: now.unixSeconds
            + (request.holdMinutes == 0 ? clock.hold : Int64(request.holdMinutes) * 60))
      }
    ) { HoldAppointmentResponse(appointment: $0) }
  }

  package func bookAppointment(
    _ request: BookAppointmentRequest, context: TenantContext
  ) async throws -> BookAppointmentResponse {
    try await put(request, request.appointment, context, as: { _, _ in .booked }) {
      BookAppointmentResponse(appointment: $0)
    }
  }

  package func overbookAppointment(
    _ request: OverbookAppointmentRequest, context: TenantContext
  ) async throws -> OverbookAppointmentResponse {
    try await put(
      request, request.appointment, context, as: { _, _ in .overbooked(request.overbookReason) }
    ) { OverbookAppointmentResponse(appointment: $0) }
  }

  private func put<Request: MutationRequest, Reply: Message>(
    _ request: Request, _ new: NewAppointment?, _ context: TenantContext,
    as beginning: (ClinicClock, PostgresTimestamp) -> Booking.Beginning,
    reply: (Appointment) -> Reply
  ) async throws -> Reply {
    try await Booking.settle(in: TenantScope(context, in: database)) { booking in
      try await booking.scope.mutate(request) { mutation in
        // Within the mutation: a retry of what was done gets its reply, however long ago that was.
        let wanted = try WantedTime(
          new ?? NewAppointment(), path: "appointment", now: mutation.now.unixSeconds)
        return reply(
          try booking.enqueue(
            wanted, as: beginning(booking.clock, mutation.now),
            facts: try await booking.facts(wanted, by: mutation), by: mutation))
      }
    }
  }

  package func rescheduleAppointment(
    _ request: RescheduleAppointmentRequest, context: TenantContext
  ) async throws -> RescheduleAppointmentResponse {
    let id = try UUID(contract: request.appointmentID, field: "appointment_id")
    let given = try WantedTime.ids(request.resourceIds, field: "resource_ids")
    return try await Booking.settle(in: TenantScope(context, in: database)) { booking in
      try await booking.scope.mutate(request) { mutation in
        var old = try await lock(id, etag: request.etag, by: mutation)
        _ = try target(of: .reschedule, from: old)
        let start = try WantedTime.start(
          request.startTime, field: "start_time", now: mutation.now.unixSeconds)
        guard request.requestedBy != .system else { throw Self.saidByServer("requested_by") }
        let wanted = WantedTime(
          patientID: try UUID(contract: old.patientID, field: "patient_id"),
          appointmentTypeID: try UUID(
            contract: old.appointmentTypeID, field: "appointment_type_id"), start: start,
          length: request.lengthMinutes == 0
            ? old.span.length : Int64(request.lengthMinutes) * 60,
          resourceIDs: given, reason: old.reason, fields: .reschedule)
        let new = try await booking.enqueue(
          wanted, inPlaceOf: old, keepingResources: given.isEmpty, by: mutation)
        try cancel(
          &old, by: request.requestedBy, reason: .rescheduled, note: request.note,
          replacement: try new.uuid, clock: booking.clock, mutation: mutation)
        mutation.log(Change(.rescheduled, .appointment, [id], reason: request.note))
        return RescheduleAppointmentResponse(appointment: new, rescheduled: old)
      }
    }
  }
}
