internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

extension AppointmentsAhead {
  /// What lies ahead, from the columns of `AppointmentStatements`.
  init(rows: PostgresRows) throws {
    self.init()
    for index in 0..<rows.count {
      let (id, starts, ends, status, total) = try rows[index].decode(
        UUID.self, PostgresTimestamp.self, PostgresTimestamp.self, Int16.self, Int64.self)
      count = Int32(clamping: total)
      appointments.append(
        AppointmentAhead(
          appointmentID: id.text, startTime: Timestamp(starts), endTime: Timestamp(ends),
          status: AppointmentStatus(rawValue: Int32(status))))
    }
  }

  /// FAILED_PRECONDITION where anything lies ahead of what is to be put away.
  func refuse(_ message: String, subject: String) throws {
    guard count > 0 else { return }
    throw RPCError.failedPrecondition(
      message, reason: "APPOINTMENTS_AHEAD", subject: subject, metadata: ["count": "\(count)"],
      details: [
        .other(
          typeURL: "type.googleapis.com/clinic.v1.AppointmentsAhead", value: try serializedBytes())
      ])
  }
}
