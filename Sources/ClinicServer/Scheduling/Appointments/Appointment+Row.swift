internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension Appointment {
  /// An appointment from the columns of `AppointmentStatements.columns`.
  init(row: PostgresRow) throws {
    self.init(
      appointmentID: try row.decode(0, as: UUID.self).text,
      patientID: try row.decode(1, as: UUID.self).text, patientName: try row.decode(2),
      appointmentTypeID: try row.decode(3, as: UUID.self).text,
      appointmentTypeName: try row.decode(4),
      startTime: Timestamp(try row.decode(5, as: PostgresTimestamp.self)),
      endTime: Timestamp(try row.decode(6, as: PostgresTimestamp.self)),
      status: AppointmentStatus(rawValue: Int32(try row.decode(7, as: Int16.self))),
      resourceIds: try row.decode(8, as: [UUID].self).map(\.text), reason: try row.decode(9))
    func time(_ column: Int) throws -> Timestamp? {
      try row.decode(column, as: PostgresTimestamp?.self).map(Timestamp.init)
    }
    func id(_ column: Int) throws -> String {
      try row.decode(column, as: UUID?.self)?.text ?? ""
    }
    holdExpireTime = try time(10)
    if status == .cancelled {
      cancellation = Cancellation(
        cancelledBy: CancelledBy(rawValue: Int32(try row.decode(11, as: Int16.self))),
        reason: CancellationReason(rawValue: Int32(try row.decode(12, as: Int16.self))),
        note: try row.decode(13), late: try row.decode(14), cancelTime: try time(15))
    }
    overbookReason = try row.decode(16)
    rescheduledFromAppointmentID = try id(17)
    rescheduledToAppointmentID = try id(18)
    appointmentSeriesID = try id(19)
    recurrenceTime = try time(20)
    statusTime = try time(21)
    confirmTime = try time(22)
    arriveTime = try time(23)
    checkInTime = try time(24)
    consultationStartTime = try time(25)
    completeTime = try time(26)
    createTime = try time(27)
    updateTime = try time(28)
    etag = Etag.text(version: try row.decode(29))
  }

  /// Notes a status as the database will.
  mutating func move(to status: AppointmentStatus, at now: PostgresTimestamp) {
    let now = Timestamp(now)
    self.status = status
    statusTime = now
    updateTime = now
    etag = Etag.next(after: etag)
    switch status {
    case .confirmed: confirmTime = now
    case .arrived: arriveTime = now
    case .checkedIn:
      arriveTime = arriveTime ?? now
      checkInTime = now
    case .inConsultation: consultationStartTime = now
    case .completed: completeTime = now
    default: break
    }
  }

  /// The id; throws for an appointment that has none.
  var uuid: UUID {
    get throws { try UUID(contract: appointmentID, field: "appointment_id") }
  }

  /// From start to end.
  var span: Span { Span(startTime?.seconds ?? 0, endTime?.seconds ?? 0) }
}
