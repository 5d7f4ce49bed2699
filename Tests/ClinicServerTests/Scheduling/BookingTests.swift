import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Booking", .serialized)
struct BookingTests {
  @Test("takes the time of practitioner, room and patient, and says so in the change log")
  func book() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient(given: "Ada", family: "Byron")
    let booked = try await practice.book(patient, at: practice.time(10))
    #expect(booked.status == .booked && booked.patientName == "Ada Byron")
    #expect(booked.appointmentTypeName == "Consultation")
    #expect(booked.resourceIds == [practice.practitioner.resourceID, practice.room.resourceID])
    #expect(booked.endTime == practice.time(10, 30))
    #expect(try await practice.get(booked) == booked)
    #expect(try await practice.claims() == 3)
    let company = try #require(UUID(uuidString: practice.clinic.company.companyID))
    let rows = try await practice.clinic.server.inspect(
      """
      select action, resource_id::text, method from clinic.changes
      where company_id = \(company) and resource_type = 'appointment'
      """)
    try #require(rows.count == 1)
    #expect(try rows[0].decode(0, as: String.self) == "booked")
    #expect(try rows[0].decode(1, as: String.self) == booked.appointmentID)
    #expect(
      try rows[0].decode(2, as: String.self) == "clinic.v1.AppointmentService/BookAppointment")
  }

  @Test("is refused where practitioner or room are taken, with the interval and the nearest times")
  func conflict() async throws {
    let practice = try await TestPractice.make(bufferAfter: 10)
    let (first, second) = (try await practice.clinic.patient(), try await practice.clinic.patient())
    try await practice.book(first, at: practice.time(10))
    let error = try #require(
      await failure { try await practice.book(second, at: practice.time(10, 15)) })
    #expect(error.code == .failedPrecondition && error.reason == "SLOT_TAKEN")
    let conflict = try #require(error.conflict)
    #expect(
      Set(conflict.conflicts.map(\.resourceID))
        == [practice.practitioner.resourceID, practice.room.resourceID])
    for span in conflict.conflicts {
      #expect(span.startTime == practice.time(10) && span.endTime == practice.time(10, 40))
    }
    #expect(
      conflict.alternatives.map(\.startTime) == [
        practice.time(10, 45), practice.time(11), practice.time(9, 15), practice.time(11, 15),
        practice.time(9)
      ])
    // Nobody learns whose time it is.
    #expect(!"\(error)\(error.details)".contains(first.patientID))
    let slot = try #require(conflict.alternatives.first)
    let booked = try await practice.admin.appointments.book(
      BookAppointmentRequest(
        appointment: NewAppointment(
          patientID: second.patientID, appointmentTypeID: practice.type.appointmentTypeID,
          startTime: slot.startTime,
          resourceIds: slot.resourceIds)))
    #expect(booked.appointment?.resourceIds == slot.resourceIds)
  }

  @Test("names the interval where only rooms are free that the type does not name")
  func conflictOfNamedRoom() async throws {
    let practice = try await TestPractice.make()
    _ = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    let type = try await practice.clinic.appointmentType(
      AppointmentType(
        name: "X-ray", lengthMinutes: 30,
        needs: [ResourceNeed(kind: .room, resourceIds: [practice.room.resourceID])]))
    func book() async throws {
      _ = try await practice.admin.appointments.book(
        BookAppointmentRequest(
          appointment: NewAppointment(
            patientID: try await practice.clinic.patient().patientID,
            appointmentTypeID: type.appointmentTypeID,
            startTime: practice.time(10))))
    }
    try await book()
    let error = try #require(await failure { try await book() })
    #expect(error.reason == "SLOT_TAKEN")
    #expect(error.conflict?.conflicts.map(\.resourceID) == [practice.room.resourceID])
    #expect(error.conflict?.conflicts.first?.startTime == practice.time(10))
  }

  @Test("never puts a patient in two places, whoever they would see")
  func patientTwice() async throws {
    let practice = try await TestPractice.make()
    let other = try await practice.clinic.practitioner("Dr Noor Haddad")
    let room = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    let patient = try await practice.clinic.patient()
    try await practice.book(patient, at: practice.time(10), with: [practice.practitioner])
    let error = try #require(
      await failure {
        try await practice.book(patient, at: practice.time(10, 15), with: [other, room])
      })
    #expect(error.reason == "SLOT_TAKEN")
    let span = try #require(error.conflict?.conflicts.first)
    #expect(span.resourceID.isEmpty && span.startTime == practice.time(10))
    // The patient's own time has no buffers, and ends where the next begins.
    try await practice.book(patient, at: practice.time(10, 30), with: [other, room])
  }

  @Test("takes another room where the first is taken, and any practitioner who is free")
  func assignment() async throws {
    let practice = try await TestPractice.make()
    let other = try await practice.clinic.practitioner("Dr Noor Haddad")
    let room = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    let patients = try await [
      practice.clinic.patient(), practice.clinic.patient(), practice.clinic.patient()
    ]
    let first = try await practice.book(patients[0], at: practice.time(9))
    let second = try await practice.book(patients[1], at: practice.time(9))
    #expect(Set(first.resourceIds + second.resourceIds).count == 4)
    #expect(
      second.resourceIds.contains(room.resourceID) != first.resourceIds.contains(room.resourceID))
    let error = try #require(
      await failure { try await practice.book(patients[2], at: practice.time(9)) })
    #expect(error.conflict?.conflicts.count == 4)
    _ = other
  }

  @Test("fills a resource that takes several at a time, and no more")
  func capacity() async throws {
    let practice = try await TestPractice.make(capacity: 3)
    for _ in 0..<3 {
      try await practice.book(practice.clinic.patient(), at: practice.time(11))
    }
    let patient = try await practice.clinic.patient()
    let error = await failure { try await practice.book(patient, at: practice.time(11, 15)) }
    #expect(error?.reason == "SLOT_TAKEN")
    try await practice.book(patient, at: practice.time(11, 30))
  }

  @Test("needs a permission of its own to overbook, and a reason that the log keeps")
  func overbook() async throws {
    let practice = try await TestPractice.make()
    let patients = try await [
      practice.clinic.patient(), practice.clinic.patient(), practice.clinic.patient()
    ]
    try await practice.book(patients[0], at: practice.time(10))
    func request(_ reason: String, _ patient: Int, hour: Int = 10) -> OverbookAppointmentRequest {
      OverbookAppointmentRequest(
        appointment: practice.new(patients[patient], at: practice.time(hour)),
        overbookReason: reason)
    }
    let receptionist = try await practice.clinic.member(
      permissions: ["appointments.read", "appointments.write"])
    let denied = await failure {
      _ = try await receptionist.appointments.overbook(request("urgent", 1))
    }
    #expect(denied?.code == .permissionDenied)
    let silent = await failure {
      _ = try await practice.admin.appointments.overbook(request("", 1))
    }
    #expect(silent?.fieldViolations.first?.field == "overbook_reason")
    let overbooked = try #require(
      try await practice.admin.appointments.overbook(request("chest pain", 1)).appointment)
    #expect(overbooked.overbookReason == "chest pain" && overbooked.status == .booked)
    // Outside of hours too.
    _ = try await practice.admin.appointments.overbook(request("home visit", 1, hour: 20))
    let company = try #require(UUID(uuidString: practice.clinic.company.companyID))
    let rows = try await practice.clinic.server.inspect(
      """
      select reason from clinic.changes
      where company_id = \(company) and action = 'overbooked' order by sequence
      """)
    #expect(rows.count == 2)
    #expect(try rows[0].decode(0, as: String.self) == "chest pain")
    // What was overbooked blocks what is not, after the first is gone.
    let first = try await practice.admin.appointments.list(ListAppointmentsRequest())
    try await practice.apply(.cancel, to: try #require(first.appointments.first))
    let blocked = await failure { try await practice.book(patients[2], at: practice.time(10)) }
    #expect(blocked?.reason == "SLOT_TAKEN")
  }

  @Test("is refused outside of hours, in closures and on leave, with times that would do")
  func outsideAvailability() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    _ = try await practice.admin.availability.createException(practice.closure(day: 0))
    for time in [practice.time(10), practice.time(8, 45, day: 1), practice.time(16, 45, day: 1)] {
      let error = try #require(await failure { try await practice.book(patient, at: time) })
      #expect(error.code == .failedPrecondition && error.reason == "OUTSIDE_AVAILABILITY")
      #expect(error.conflict?.alternatives.count == 5)
    }
    try await practice.book(patient, at: practice.time(16, 30, day: 1))
  }

  @Test("is tried and taken back with validate_only, and done once for a request id")
  func idempotency() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    var request = BookAppointmentRequest(
      appointment: practice.new(patient, at: practice.time(12)),
      requestID: UUID().uuidString.lowercased(), validateOnly: true)
    let tried = try await practice.admin.appointments.book(request)
    #expect(tried.appointment?.status == .booked)
    #expect(try await practice.claims() == 0)
    request.validateOnly = false
    let first = try await practice.admin.appointments.book(request)
    #expect(try await practice.admin.appointments.book(request) == first)
    request.validateOnly = true
    let taken = await failure { _ = try await practice.admin.appointments.book(request) }
    #expect(taken?.reason == "SLOT_TAKEN")
  }

  @Test(
    "refuses what makes no sense, with the field and a reason",
    arguments: [
      ("start_time", "NOT_WHOLE_MINUTES"), ("start_time", "TOO_FAR"),
      ("resource_ids", "NOT_NEEDED"),
      ("resource_ids[1]", "DUPLICATE"), ("patient_id", "REQUIRED"), ("length_minutes", "")
    ])
  func refusals(_ field: String, _ reason: String) async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    var new = practice.new(patient, at: practice.time(10))
    switch (field, reason) {
    case (_, "NOT_WHOLE_MINUTES"): new.startTime?.seconds += 1
    case (_, "TOO_FAR"): new.startTime?.seconds += 7 * 366 * 86_400
    case (_, "NOT_NEEDED"):
      let equipment = try await practice.clinic.resource(
        Resource(kind: .equipment, name: "Ultrasound"))
      new.resourceIds = [equipment.resourceID]
    case (_, "DUPLICATE"):
      new.resourceIds = [practice.room.resourceID, practice.room.resourceID]
    case ("patient_id", _): new.patientID = ""
    default: new.lengthMinutes = -1
    }
    let request = BookAppointmentRequest(appointment: new)
    let error = await failure { _ = try await practice.admin.appointments.book(request) }
    #expect(error?.code == .invalidArgument)
    let violation = try #require(error?.fieldViolations.first)
    #expect(violation.field == "appointment.\(field)")
    #expect(reason.isEmpty || violation.reason == reason)
  }

  @Test("is refused for an archived patient, a retired type, a retired resource and a past time")
  func preconditions() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let archived = try await practice.clinic.patient()
    _ = try await practice.admin.patients.archive(
      ArchivePatientRequest(patientID: archived.patientID))
    let gone = await failure { try await practice.book(archived, at: practice.time(10)) }
    #expect(gone?.code == .failedPrecondition)
    var past = practice.time(10)
    past.seconds -= 60 * 86_400
    let late = await failure { try await practice.book(patient, at: past) }
    #expect(late?.reason == "IN_THE_PAST")
    let room = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    _ = try await practice.admin.resources.retire(
      RetireResourceRequest(resourceID: room.resourceID))
    let retired = await failure {
      try await practice.book(patient, at: practice.time(10), with: [room])
    }
    #expect(retired?.code == .failedPrecondition)
    #expect(retired?.message == "The resource 'Room 2' is retired")
    #expect(retired?.subject == "appointment.resource_ids[0]")
    let booked = try await practice.book(patient, at: practice.time(10))
    let inUse = await failure {
      _ = try await practice.admin.resources.retire(
        RetireResourceRequest(resourceID: practice.room.resourceID))
    }
    #expect(inUse?.code == .failedPrecondition)
    let needed = await failure {
      _ = try await practice.admin.patients.archive(
        ArchivePatientRequest(patientID: patient.patientID))
    }
    #expect(needed?.reason == "APPOINTMENTS_AHEAD")
    #expect(
      needed?.appointmentsAhead?.appointments == [
        AppointmentAhead(
          appointmentID: booked.appointmentID, startTime: booked.startTime,
          endTime: booked.endTime, status: .booked)
      ])
    let deletion = await failure {
      _ = try await practice.admin.patients.delete(
        DeletePatientRequest(patientID: patient.patientID, reason: "asked for"))
    }
    #expect(deletion?.code == .failedPrecondition)
    _ = try await practice.admin.appointmentTypes.retire(
      RetireAppointmentTypeRequest(appointmentTypeID: practice.type.appointmentTypeID))
    let type = await failure { try await practice.book(patient, at: practice.time(11)) }
    #expect(type?.code == .failedPrecondition)
    #expect(try await practice.get(booked) == booked)
  }

  @Test("names the field of the request that is refused, whatever books")
  func fields() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let stranger = Resource(resourceID: UUID().uuidString.lowercased())
    let unknown = await failure {
      try await practice.book(
        patient, at: practice.time(10), with: [practice.practitioner, stranger])
    }
    #expect(unknown?.reason == "RESOURCE_NOT_FOUND")
    #expect(unknown?.facts["field"] == "appointment.resource_ids[1]")
    let nobody = await failure {
      try await practice.book(
        Patient(patientID: UUID().uuidString.lowercased()), at: practice.time(10))
    }
    #expect(nobody?.facts["field"] == "appointment.patient_id")
    let waiting = await failure {
      try await practice.wait(patient) { $0.resourceIds = [stranger.resourceID] }
    }
    #expect(waiting?.facts["field"] == "entry.resource_ids[0]")
    let booked = try await practice.book(patient, at: practice.time(10))
    let taken = await failure {
      try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    }
    #expect(taken?.reason == "SLOT_TAKEN" && taken?.subject == "appointment.start_time")
    let scanner = try await practice.clinic.resource(Resource(kind: .equipment, name: "Scanner"))
    func move(_ hour: Int, _ resources: [Resource]) async -> RPCError? {
      await failure {
        _ = try await practice.admin.appointments.reschedule(
          RescheduleAppointmentRequest(
            appointmentID: booked.appointmentID, startTime: practice.time(hour),
            resourceIds: resources.map(\.resourceID)))
      }
    }
    #expect(await move(20, [])?.subject == "start_time")
    #expect(await move(11, [scanner])?.fieldViolations.first?.field == "resource_ids")
    let series = await failure {
      _ = try await practice.series(patient, "FREQ=DAILY;COUNT=2", at: practice.local(12)) {
        $0.resourceIds = [scanner.resourceID]
      }
    }
    #expect(series?.fieldViolations.first?.field == "series.resource_ids")
  }

  @Test("of a hold lasts until it is accepted or ends by itself, and then blocks nobody")
  func holds() async throws {
    let practice = try await TestPractice.make()
    let (first, second) = (try await practice.clinic.patient(), try await practice.clinic.patient())
    let held = try await practice.hold(first, at: practice.time(9))
    #expect(held.status == .held)
    let expiry = try #require(held.holdExpireTime?.seconds)
    #expect(abs(expiry - Int64(Foundation.Date().timeIntervalSince1970) - 600) < 30)
    #expect(
      await failure { try await practice.book(second, at: practice.time(9)) }?.reason
        == "SLOT_TAKEN")
    try await practice.apply(.accept, to: held, etag: held.etag)
    #expect(try await practice.get(held).status == .booked)
    #expect(try await practice.claims() == 3)

    let other = try await practice.hold(first, at: practice.time(11))
    try await expire(other, practice)
    let shown = try await practice.get(other)
    #expect(shown.status == .cancelled && shown.cancellation?.reason == .holdExpired)
    let late = await failure { try await practice.apply(.accept, to: other) }
    #expect(late?.reason == "HOLD_EXPIRED")
    // FindSlots offers the time, and booking sweeps the hold.
    let slots = try await practice.admin.appointments.findSlots(
      FindSlotsRequest(
        appointmentTypeID: practice.type.appointmentTypeID, fromTime: practice.time(11),
        untilTime: practice.time(12)))
    #expect(slots.slots.first?.startTime == practice.time(11))
    try await practice.book(second, at: practice.time(11))
    #expect(try await practice.claims() == 6)
    let company = try #require(UUID(uuidString: practice.clinic.company.companyID))
    let rows = try await practice.clinic.server.inspect(
      """
      select resource_id::text from clinic.changes
      where company_id = \(company) and action = 'expired'
      """)
    try #require(rows.count == 1)
    #expect(try rows[0].decode(0, as: String.self) == other.appointmentID)
  }

  /// Lets a hold's time pass, by moving its end.
  private func expire(_ held: Appointment, _ practice: TestPractice) async throws {
    let id = try #require(UUID(uuidString: held.appointmentID))
    _ = try await practice.clinic.server.inspect(
      """
      with a as (update clinic.appointments set hold_expires_at = now() - interval '1 second'
        where id = \(id))
      update clinic.appointment_claims set expires_at = now() - interval '1 second'
      where appointment_id = \(id)
      """)
  }
}
