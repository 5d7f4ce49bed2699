internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// A time that somebody wants for an appointment.
struct WantedTime: Sendable {
  /// The furthest that appointments are booked ahead, in seconds: five years.
  static let horizon: Int64 = 5 * 366 * 86_400
  /// How long after its start an appointment can still be put in, in seconds: a day.
  static let grace: Int64 = 86_400

  let patientID: UUID
  let appointmentTypeID: UUID
  let start: Int64
  /// Seconds; nil for the type's length.
  let length: Int64?
  var resourceIDs: [UUID]
  let reason: String
  /// Where the request says so.
  let fields: BookingFields
  /// The appointment whose place it takes: that one's time counts as free.
  var replaced: UUID?

  init(
    patientID: UUID, appointmentTypeID: UUID, start: Int64, length: Int64?, resourceIDs: [UUID],
    reason: String, fields: BookingFields
  ) {
    self.patientID = patientID
    self.appointmentTypeID = appointmentTypeID
    self.start = start
    self.length = length
    self.resourceIDs = resourceIDs
    self.reason = reason
    self.fields = fields
  }

  /// What a request asks for.
  init(_ new: NewAppointment, path: String, now: Int64) throws {
    let fields = BookingFields.appointment(path)
    self.init(
      patientID: try UUID(contract: new.patientID, field: fields.patient),
      appointmentTypeID: try UUID(contract: new.appointmentTypeID, field: fields.type),
      start: try Self.start(new.startTime, field: fields.start, now: now),
      length: new.lengthMinutes == 0 ? nil : Int64(new.lengthMinutes) * 60,
      resourceIDs: try Self.ids(new.resourceIds, field: fields.resources),
      reason: new.reason, fields: fields)
  }

  /// The question whose answer tells whether the time is free; around it, where other times are of
  /// interest too.
  func question(_ clock: ClinicClock, around days: Int64 = 0, now: Int64 = 0)
    -> SchedulingFacts.Question
  {
    let end = start + (length ?? 86_400)
    let span =
      days == 0
      ? Span(start, end) : Span(max(start - days * 86_400, min(now, start)), end + days * 86_400)
    return SchedulingFacts.Question(
      appointmentTypeID: appointmentTypeID, patientID: patientID, resourceIDs: resourceIDs,
      span: span, clock: clock,
      fields: fields, replaced: replaced)
  }

  /// The start of a request: in whole minutes, not long ago, and not in the far future.
  static func start(_ time: Timestamp?, field: String, now: Int64) throws -> Int64 {
    let start = time?.seconds ?? 0
    guard start % 60 == 0, time?.nanos == 0 else {
      throw RPCError.invalidArgument(
        field: field, reason: "NOT_WHOLE_MINUTES", description: "must be in whole minutes")
    }
    guard start <= now + horizon else {
      throw RPCError.invalidArgument(
        field: field, reason: "TOO_FAR", description: "must lie within five years")
    }
    try checkNotPast(start, field: field, now: now)
    return start
  }

  /// Refuses a start that lies so far back that nobody puts an appointment in for it.
  static func checkNotPast(_ start: Int64, field: String, now: Int64) throws {
    guard start >= now - grace else {
      throw RPCError.failedPrecondition(
        "The time lies more than a day in the past", reason: "IN_THE_PAST", subject: field)
    }
  }

  /// Ids of a request, each once.
  static func ids(_ texts: [String], field: String) throws -> [UUID] {
    var ids: [UUID] = []
    for (index, text) in texts.enumerated() {
      let id = try UUID(contract: text, field: "\(field)[\(index)]")
      guard !ids.contains(id) else {
        throw RPCError.invalidArgument(
          field: "\(field)[\(index)]", reason: "DUPLICATE", description: "must not repeat another")
      }
      ids.append(id)
    }
    return ids
  }
}

extension RPCError {
  /// A refusal by the state of the system with a reason of its own, beside the precondition.
  static func failedPrecondition(
    _ message: String, reason: String, subject: String, metadata: [String: String] = [:],
    details: [ErrorDetail] = []
  ) -> RPCError {
    RPCError(
      code: .failedPrecondition, message: message,
      details: [
        .preconditionFailure(type: reason, subject: subject, description: message),
        .errorInfo(reason: reason, metadata: metadata)
      ] + details)
  }
}
