internal import RPCCore

/// Where a request says what is to be booked: the paths that errors name.
struct BookingFields: Sendable {
  let patient: String
  let type: String
  let start: String
  let resources: String

  /// The fields of a new appointment, or of one that exists, at a path.
  static func appointment(_ path: String) -> BookingFields {
    BookingFields(
      patient: "\(path).patient_id", type: "\(path).appointment_type_id",
      start: "\(path).start_time",
      resources: "\(path).resource_ids")
  }

  /// An appointment is moved: who comes, and for what, is as it was.
  static let reschedule = BookingFields(
    patient: "appointment.patient_id", type: "appointment.appointment_type_id", start: "start_time",
    resources: "resource_ids")

  /// A series is booked or changed.
  static let series = BookingFields(
    patient: "series.patient_id", type: "series.appointment_type_id", start: "series.pattern",
    resources: "series.resource_ids")

  /// One appointment of a series is moved.
  static let occurrence = BookingFields(
    patient: "series.patient_id", type: "series.appointment_type_id", start: "series.pattern.start",
    resources: "series.resource_ids")

  /// Free times are looked for.
  static let search = BookingFields(
    patient: "patient_id", type: "appointment_type_id", start: "from_time",
    resources: "resource_ids")
}

extension RPCError {
  /// The error with the field of the request that it is about, beside its reason.
  func about(_ field: String) -> RPCError {
    var error = self
    error.details = details.map { detail in
      guard case .errorInfo(var info) = detail else { return detail }
      info.metadata["field"] = field
      return .errorInfo(info)
    }
    return error
  }
}
