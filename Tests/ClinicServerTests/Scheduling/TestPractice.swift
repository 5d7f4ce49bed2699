import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore

/// A clinic of a test's own that takes appointments: one practitioner, one room, and a type of half
/// an hour that needs both. The practitioner works from 9 to 17 on every day, in London.
struct TestPractice: Sendable {
  let clinic: TestClinic
  let practitioner: Resource
  let room: Resource
  let type: AppointmentType

  static func make(
    in clinic: TestClinic? = nil, capacity: Int32 = 1, bufferAfter: Int32 = 0,
    settings: CompanySettings? = nil
  ) async throws -> TestPractice {
    let clinic = if let clinic { clinic } else { try await TestClinic.make(settings: settings) }
    let caller = try await clinic.admin.auth.getCaller(GetCallerRequest())
    let practitioner = try await clinic.resource(
      Resource(
        kind: .practitioner, name: "Dr Grace Okafor", staffID: caller.staff?.staffID ?? "",
        capacity: capacity, weeklyHours: Self.everyDay(9, 17)))
    let room = try await clinic.resource(
      Resource(kind: .room, name: "Room 1", capacity: capacity))
    let type = try await clinic.appointmentType(
      AppointmentType(
        name: "Consultation", lengthMinutes: 30, bufferAfterMinutes: bufferAfter,
        needs: [ResourceNeed(kind: .practitioner), ResourceNeed(kind: .room)]))
    return TestPractice(clinic: clinic, practitioner: practitioner, room: room, type: type)
  }

  static func everyDay(_ from: Int32, _ to: Int32) -> [WeeklyHours] {
    (1...7).map {
      WeeklyHours(
        dayOfWeek: DayOfWeek(rawValue: $0), starts: LocalTime(hours: from),
        ends: LocalTime(hours: to))
    }
  }

  var admin: ClinicClient { clinic.admin }

  /// A day a month ahead, in days since 1970.
  static let day = Int(Foundation.Date().timeIntervalSince1970 / 86_400) + 30

  private static let london = LocalTimeResolver(timeZone: "Europe/London")

  /// A time of day in London, a month ahead or some days later.
  func time(_ hour: Int, _ minute: Int = 0, day: Int = 0) -> Timestamp {
    let moment = LocalMoment(day: Self.day + day, minute: hour * 60 + minute)
    return Timestamp(seconds: Self.london?.instant(of: moment) ?? 0, nanos: 0)
  }

  /// A date, so many days after the one of ``time(_:_:day:)``.
  static func date(_ offset: Int = 0) -> ClinicContracts::Date {
    let date = PartialDate(daysSince1970: Self.day + offset)
    return ClinicContracts::Date(
      year: Int32(date?.year ?? 0), month: Int32(date?.month ?? 0), day: Int32(date?.day ?? 0))
  }

  func closure(day: Int) -> CreateAvailabilityExceptionRequest {
    CreateAvailabilityExceptionRequest(
      exception: AvailabilityException(
        kind: .closure, starts: LocalDateTime(date: Self.date(day)),
        ends: LocalDateTime(date: Self.date(day + 1)), reason: "Holiday"))
  }

  func leave(day: Int) -> CreateAvailabilityExceptionRequest {
    CreateAvailabilityExceptionRequest(
      exception: AvailabilityException(
        kind: .leave, resourceID: practitioner.resourceID,
        starts: LocalDateTime(date: Self.date(day)), ends: LocalDateTime(date: Self.date(day + 1))))
  }

  /// Gives the practitioner other hours, on every day.
  func setHours(
    _ from: Int32, _ to: Int32, validateOnly: Bool = false
  ) async throws -> UpdateResourceResponse {
    try await admin.resources.update(
      UpdateResourceRequest(
        resourceID: practitioner.resourceID,
        resource: Resource(weeklyHours: Self.everyDay(from, to)),
        updateMask: FieldMask(paths: ["weekly_hours"]), validateOnly: validateOnly))
  }

  /// Gives the clinic other opening hours, on every day: those of the room, which has none itself.
  func setOpeningHours(_ from: Int32, _ to: Int32) async throws -> UpdateMyCompanyResponse {
    let hours = (1...7).map {
      OpeningHours(
        dayOfWeek: DayOfWeek(rawValue: $0), opens: LocalTime(hours: from),
        closes: LocalTime(hours: to))
    }
    return try await admin.companies.updateMy(
      UpdateMyCompanyRequest(
        company: Company(settings: CompanySettings(openingHours: hours)),
        updateMask: FieldMask(paths: ["settings.opening_hours"])))
  }

  func new(
    _ patient: Patient, at time: Timestamp, with resources: [Resource] = []
  ) -> NewAppointment {
    NewAppointment(
      patientID: patient.patientID, appointmentTypeID: type.appointmentTypeID, startTime: time,
      resourceIds: resources.map(\.resourceID))
  }

  @discardableResult
  func book(
    _ patient: Patient, at time: Timestamp, with resources: [Resource] = []
  ) async throws -> Appointment {
    let reply = try await admin.appointments.book(
      BookAppointmentRequest(appointment: new(patient, at: time, with: resources)))
    return try requireValue(reply.appointment)
  }

  /// Books whether or not anybody is available.
  @discardableResult
  func overbook(_ patient: Patient, at time: Timestamp) async throws -> Appointment {
    let reply = try await admin.appointments.overbook(
      OverbookAppointmentRequest(
        appointment: new(patient, at: time), overbookReason: "an emergency"))
    return try requireValue(reply.appointment)
  }

  /// Ten minutes ago, to the minute.
  static var justBegun: Timestamp {
    Timestamp(seconds: Int64(Foundation.Date().timeIntervalSince1970) / 60 * 60 - 600)
  }

  func hold(
    _ patient: Patient, at time: Timestamp, minutes: Int32 = 0
  ) async throws -> Appointment {
    let reply = try await admin.appointments.hold(
      HoldAppointmentRequest(appointment: new(patient, at: time), holdMinutes: minutes))
    return try requireValue(reply.appointment)
  }

  func request(_ patient: Patient, at time: Timestamp) async throws -> Appointment {
    let reply = try await admin.appointments.request(
      RequestAppointmentRequest(appointment: new(patient, at: time)))
    return try requireValue(reply.appointment)
  }

  func get(_ appointment: Appointment) async throws -> Appointment {
    let reply = try await admin.appointments.get(
      GetAppointmentRequest(appointmentID: appointment.appointmentID))
    return try requireValue(reply.appointment)
  }

  /// Does something with an appointment.
  func apply(_ verb: AppointmentVerb, to appointment: Appointment, etag: String = "") async throws {
    let id = appointment.appointmentID
    let service = admin.appointments
    switch verb {
    case .accept: _ = try await service.accept(.init(appointmentID: id, etag: etag))
    case .confirm: _ = try await service.confirm(.init(appointmentID: id, etag: etag))
    case .arrive: _ = try await service.arrive(.init(appointmentID: id, etag: etag))
    case .checkIn: _ = try await service.checkIn(.init(appointmentID: id, etag: etag))
    case .start: _ = try await service.start(.init(appointmentID: id, etag: etag))
    case .complete: _ = try await service.complete(.init(appointmentID: id, etag: etag))
    case .markNoShow: _ = try await service.markNoShow(.init(appointmentID: id, etag: etag))
    case .markLeftBeforeSeen:
      _ = try await service.markLeftBeforeSeen(.init(appointmentID: id, etag: etag))
    case .markEnteredInError:
      _ = try await service.markEnteredInError(
        .init(appointmentID: id, reason: "typed twice", etag: etag))
    case .cancel:
      _ = try await service.cancel(
        .init(appointmentID: id, cancelledBy: .clinic, reason: .weather, etag: etag))
    case .reschedule:
      _ = try await service.reschedule(
        .init(appointmentID: id, startTime: time(16, 0, day: 3), etag: etag))
    }
  }

  /// How much time is taken up, by the database's own account: rows of claims.
  func claims() async throws -> Int64 {
    let company = try requireValue(UUID(uuidString: clinic.company.companyID))
    let rows = try await clinic.server.inspect(
      "select count(*) from clinic.appointment_claims where company_id = \(company)")
    return try rows[0].decode(0)
  }
}

extension TestClinic {
  func resource(_ resource: Resource) async throws -> Resource {
    let reply = try await admin.resources.create(CreateResourceRequest(resource: resource))
    return try requireValue(reply.resource)
  }

  func appointmentType(_ type: AppointmentType) async throws -> AppointmentType {
    let reply = try await admin.appointmentTypes.create(
      CreateAppointmentTypeRequest(appointmentType: type))
    return try requireValue(reply.appointmentType)
  }

  /// A practitioner who is somebody else.
  func practitioner(_ name: String, capacity: Int32 = 1) async throws -> Resource {
    let created = try await PasswordWork.shared.run {
      try await admin.staff.create(
        CreateStaffRequest(
          staff: Staff(
            email: "p\(UUID().uuidString.prefix(8).lowercased())@clinic.example",
            displayName: name)))
    }
    return try await resource(
      Resource(
        kind: .practitioner, name: name, staffID: created.staff?.staffID ?? "", capacity: capacity,
        weeklyHours: TestPractice.everyDay(9, 17)))
  }
}

extension RPCError {
  /// What a refused precondition is about.
  var subject: String? {
    for case .preconditionFailure(let failure) in details {
      return failure.violations.first?.subject
    }
    return nil
  }

  /// The appointments that keep something from being put away.
  var appointmentsAhead: AppointmentsAhead? {
    for case .other("type.googleapis.com/clinic.v1.AppointmentsAhead", let value) in details {
      return try? AppointmentsAhead(serializedBytes: value)
    }
    return nil
  }

  /// The conflict that a refused booking tells of.
  var conflict: BookingConflict? {
    for case .other("type.googleapis.com/clinic.v1.BookingConflict", let value) in details {
      return try? BookingConflict(serializedBytes: value)
    }
    return nil
  }
}
