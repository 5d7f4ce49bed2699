internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

extension Booking {
  /// Books an appointment that takes the place of another one, whose own time counts as free.
  ///
  /// - Parameter keepingResources: Takes the other one's resources rather than those that are
  ///   wanted, as far as its type needs them still. Another room will do then; another practitioner
  ///   will not.
  func enqueue(
    _ wanted: WantedTime, inPlaceOf old: Appointment, keepingResources: Bool, by mutation: Mutation
  ) async throws -> Appointment {
    let id = try old.uuid
    var wanted = wanted
    wanted.replaced = id
    if keepingResources {
      wanted.resourceIDs = try old.resourceIds.map {
        try UUID(contract: $0, field: wanted.fields.resources)
      }
    }
    let links = Links(
      rescheduledFrom: id,
      appointmentSeriesID: old.appointmentSeriesID.isEmpty
        ? nil : try UUID(contract: old.appointmentSeriesID, field: "appointment_series_id"),
      recurrence: old.recurrenceTime.map(PostgresTimestamp.init))
    try await mutation.releaseTime(of: [id])
    let facts = try await self.facts(wanted, by: mutation)
    guard keepingResources else {
      return try enqueue(wanted, as: .booked, links: links, facts: facts, by: mutation)
    }
    wanted.resourceIDs = try facts.needed(of: wanted.resourceIDs)
    do {
      return try enqueue(wanted, as: .booked, links: links, facts: facts, by: mutation)
    } catch is TimeUnavailable {
      wanted.resourceIDs = wanted.resourceIDs.filter {
        facts.resource($0)?.kind == .practitioner
      }
      return try enqueue(wanted, as: .booked, links: links, facts: facts, by: mutation)
    }
  }
}
