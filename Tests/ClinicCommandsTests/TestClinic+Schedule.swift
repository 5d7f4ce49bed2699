import ClinicContracts
import ProtobufRuntime
import RPCCore
import Synchronization

extension TestClinic {
  /// An appointment whose time somebody wants for something else: noon of 2 January 1970, in Tokyo.
  static let appointment = Appointment(
    appointmentID: "01890000-0000-7000-8000-00000000000a", patientName: "José 山田",
    appointmentTypeName: "Consultation", startTime: Timestamp(seconds: 97_200),
    endTime: Timestamp(seconds: 99_000), status: .booked)

  static let room = Resource(
    resourceID: "01890000-0000-7000-8000-00000000000b", kind: .room, name: "Room 1", capacity: 1)

  func addFollowUps(to router: inout Router) {
    router.unary(FollowUpService.Methods.createFollowUp) {
      [self] (request: CreateFollowUpRequest, call: CallContext) in
      try check(call)
      let followUp = request.followUp ?? FollowUp()
      state.withLock { $0.followUps.append(followUp) }
      return CreateFollowUpResponse(followUp: followUp)
    }
    router.unary(FollowUpService.Methods.listFollowUps) {
      [self] (_: ListFollowUpsRequest, call: CallContext) in
      try check(call)
      return ListFollowUpsResponse(followUps: state.withLock { $0.followUps })
    }
  }

  func addSchedule(to router: inout Router) {
    router.unary(ResourceService.Methods.listResources) {
      [self] (_: ListResourcesRequest, call: CallContext) in
      try check(call)
      return ListResourcesResponse(resources: [Self.room])
    }
    router.unary(ResourceService.Methods.updateResource) {
      [self] (_: UpdateResourceRequest, call: CallContext) in
      try check(call)
      return UpdateResourceResponse(
        resource: Self.room, affectedAppointmentIds: [Self.appointment.appointmentID])
    }
    router.unary(ResourceService.Methods.retireResource) {
      [self] (_: RetireResourceRequest, call: CallContext) -> RetireResourceResponse in
      try check(call)
      let ahead = AppointmentsAhead(
        count: 1,
        appointments: [
          AppointmentAhead(
            appointmentID: Self.appointment.appointmentID,
            startTime: Self.appointment.startTime)
        ])
      throw RPCError(
        code: .failedPrecondition, message: "Appointments lie ahead of it",
        details: [
          .errorInfo(reason: "APPOINTMENTS_AHEAD"),
          .other(
            typeURL: "type.googleapis.com/clinic.v1.AppointmentsAhead",
            value: try ahead.serializedBytes())
        ])
    }
    router.unary(AvailabilityService.Methods.createAvailabilityException) {
      [self] (request: CreateAvailabilityExceptionRequest, call: CallContext) in
      try check(call)
      return CreateAvailabilityExceptionResponse(
        exception: request.exception, affectedAppointmentIds: [Self.appointment.appointmentID])
    }
    router.unary(AppointmentService.Methods.getAppointment) {
      [self] (_: GetAppointmentRequest, call: CallContext) in
      try check(call)
      return GetAppointmentResponse(appointment: Self.appointment)
    }
  }
}
