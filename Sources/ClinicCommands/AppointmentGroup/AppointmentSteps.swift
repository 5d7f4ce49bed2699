internal import ClinicClient
internal import ClinicContracts
internal import RPCCore

enum AcceptStep: AppointmentStep {
  static let name = "accept"
  static let abstract = "Turns a request or a hold into a booking."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.accept(
      AcceptAppointmentRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}

enum ConfirmStep: AppointmentStep {
  static let name = "confirm"
  static let abstract = "Notes that the patient confirmed."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.confirm(
      ConfirmAppointmentRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}

enum ArriveStep: AppointmentStep {
  static let name = "arrive"
  static let abstract = "Notes that the patient is here."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.arrive(
      ArriveAppointmentRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}

enum CheckInStep: AppointmentStep {
  static let name = "check-in"
  static let abstract = "Notes that the patient is ready to be seen."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.checkIn(
      CheckInAppointmentRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}

enum StartStep: AppointmentStep {
  static let name = "start"
  static let abstract = "Notes that the patient is being seen."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.start(
      StartAppointmentRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}

enum CompleteStep: AppointmentStep {
  static let name = "complete"
  static let abstract = "Notes that the patient was seen."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.complete(
      CompleteAppointmentRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}

enum NoShowStep: AppointmentStep {
  static let name = "no-show"
  static let abstract = "Notes that the patient did not come."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.markNoShow(
      MarkAppointmentNoShowRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}

enum LeftStep: AppointmentStep {
  static let name = "left"
  static let abstract = "Notes that the patient left before being seen."

  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue {
    try await service.markLeftBeforeSeen(
      MarkAppointmentLeftBeforeSeenRequest(
        appointmentID: target.id, etag: target.etag, requestID: target.requestID,
        validateOnly: target.validateOnly), options: options
    ).jsonValue()
  }
}
