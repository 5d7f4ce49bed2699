import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Appointment statuses", .serialized)
struct AppointmentStatusTests {
  @Test(
    "follow the table for every verb in every status", arguments: AppointmentTransitions.allStatuses
  )
  func everyTransition(_ status: AppointmentStatus) async throws {
    let practice = try await TestPractice.make(capacity: 20)
    for verb in AppointmentVerb.allCases {
      let patient = try await practice.clinic.patient()
      let appointment = try await practice.request(patient, at: practice.time(10))
      try await put(appointment, into: status, practice)
      let before = try await practice.get(appointment)
      #expect(before.status == status)
      let error = await failure {
        try await practice.apply(verb, to: appointment, etag: before.etag)
      }
      let after = try await practice.get(appointment)
      guard let target = AppointmentTransitions.target(of: verb, from: status) else {
        #expect(error?.code == .failedPrecondition, "\(verb) in \(status.name)")
        #expect(error?.reason == "TRANSITION_REFUSED", "\(verb) in \(status.name)")
        #expect(error?.facts["status"] == status.name)
        #expect(
          error?.facts["allowed"]
            == AppointmentTransitions.allowed(in: status).map(\.rawValue).joined(separator: ","))
        #expect(after == before)
        continue
      }
      #expect(error == nil, "\(verb) in \(status.name): \(String(describing: error))")
      #expect(after.status == target && after.etag != before.etag)
      let claims = try await claims(of: appointment, practice)
      #expect(claims == (target.takesUpTime ? 3 : 0), "\(verb) in \(status.name)")
      // Frees the practitioner for the next verb.
      if target != .enteredInError {
        try await practice.apply(.markEnteredInError, to: appointment)
      }
    }
  }

  /// Puts an appointment into a status past the verbs, with the claims that belong to it. It lies
  /// in the past, so that it may be a no-show.
  private func put(
    _ appointment: Appointment, into status: AppointmentStatus, _ practice: TestPractice
  ) async throws {
    let id = try #require(UUID(uuidString: appointment.appointmentID))
    let company = try #require(UUID(uuidString: practice.clinic.company.companyID))
    let number = Int64(status.rawValue)
    _ = try await practice.clinic.server.inspect(
      """
      update clinic.appointments set status = \(number), starts_at = now() - interval '2 hours',
        ends_at = now() - interval '90 minutes',
        hold_expires_at = case when \(number) = 2 then now() + interval '5 minutes' end
      where id = \(id)
      """)
    if status.takesUpTime {
      _ = try await practice.clinic.server.inspect(
        "select clinic.claim_appointment(\(company), \(id), false)")
    }
  }

  private func claims(of appointment: Appointment, _ practice: TestPractice) async throws -> Int64 {
    let id = try #require(UUID(uuidString: appointment.appointmentID))
    let rows = try await practice.clinic.server.inspect(
      "select count(*) from clinic.appointment_claims where appointment_id = \(id)")
    return try rows[0].decode(0)
  }

  @Test("of a visit keep the times at which it went on, and complete frees what is left")
  func visit() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let booked = try await practice.overbook(patient, at: TestPractice.justBegun)
    #expect(try await practice.claims() == 3)
    for verb in [AppointmentVerb.confirm, .checkIn, .start, .complete] {
      try await practice.apply(verb, to: booked)
    }
    let done = try await practice.get(booked)
    #expect(done.status == .completed && done.etag == "v5")
    let times = [
      done.confirmTime, done.arriveTime, done.checkInTime, done.consultationStartTime,
      done.completeTime
    ].compactMap { $0.map { $0.seconds * 1_000_000_000 + Int64($0.nanos) } }
    #expect(times.count == 5 && times == times.sorted())
    #expect(done.statusTime == done.completeTime)
    #expect(try await practice.claims() == 0)
  }

  @Test("move on a current etag only")
  func staleEtag() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(practice.clinic.patient(), at: practice.time(10))
    try await practice.apply(.confirm, to: booked, etag: booked.etag)
    let error = await failure { try await practice.apply(.arrive, to: booked, etag: booked.etag) }
    #expect(error?.code == .aborted && error?.reason == "ETAG_MISMATCH")
    #expect(try await practice.get(booked).status == .confirmed)
  }

  @Test("do not make a no-show of somebody who is not due yet")
  func noShow() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(practice.clinic.patient(), at: practice.time(10))
    let error = await failure { try await practice.apply(.markNoShow, to: booked) }
    #expect(error?.code == .failedPrecondition && error?.reason == "TOO_EARLY")
  }

  @Test("do not have anybody here for an appointment of another day")
  func earlyArrival() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(practice.clinic.patient(), at: practice.time(10))
    for verb in [AppointmentVerb.arrive, .checkIn] {
      let error = await failure { try await practice.apply(verb, to: booked) }
      #expect(error?.code == .failedPrecondition && error?.reason == "TOO_EARLY", "\(verb)")
    }
    #expect(try await practice.get(booked) == booked)
  }

  @Test("of a no-show that was overbooked come back beside the booking that they were put beside")
  func overbookedNoShow() async throws {
    let practice = try await TestPractice.make()
    let begun = TestPractice.justBegun
    func overbook() async throws -> Appointment {
      try await practice.overbook(try await practice.clinic.patient(), at: begun)
    }
    let (beside, late) = (try await overbook(), try await overbook())
    try await practice.apply(.markNoShow, to: late)
    #expect(try await practice.claims() == 3)
    try await practice.apply(.arrive, to: late)
    #expect(try await practice.get(late).status == .arrived)
    #expect(try await practice.get(beside).status == .booked)
    #expect(try await practice.claims() == 6)
  }

  @Test("of a cancellation keep who, why and whether it was late by the clinic's policy")
  func cancellation() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(lateCancellationHours: 700)))
    func cancel(
      _ who: CancelledBy, _ reason: CancellationReason, note: String = "", day: Int
    ) async throws -> Cancellation? {
      let booked = try await practice.book(
        practice.clinic.patient(), at: practice.time(10, day: day))
      return try await practice.admin.appointments.cancel(
        CancelAppointmentRequest(
          appointmentID: booked.appointmentID, cancelledBy: who, reason: reason, note: note)
      ).appointment?.cancellation
    }
    let late = try #require(try await cancel(.patient, .illness, note: "flu", day: -2))
    #expect(late.late && late.cancelledBy == .patient && late.reason == .illness)
    #expect(late.note == "flu" && late.cancelTime != nil)
    #expect(try await cancel(.patient, .illness, day: 2)?.late == false)
    #expect(try await cancel(.clinic, .practitionerAway, day: -2)?.late == false)
    let wrong: [(CancelledBy, CancellationReason, String)] = [
      (.system, .weather, "cancelled_by"), (.clinic, .rescheduled, "reason"),
      (.clinic, .holdExpired, "reason"), (.clinic, .other, "note"),
      (.unspecified, .weather, "cancelled_by"), (.clinic, .unspecified, "reason")
    ]
    for (index, (who, reason, field)) in wrong.enumerated() {
      let error = await failure { _ = try await cancel(who, reason, day: 3 + index) }
      #expect(error?.fieldViolations.first?.field == field)
    }
  }

  @Test("of a rescheduled appointment link the old one and the new one, both or neither")
  func reschedule() async throws {
    let practice = try await TestPractice.make()
    let (first, second) = (try await practice.clinic.patient(), try await practice.clinic.patient())
    let booked = try await practice.book(first, at: practice.time(10))
    try await practice.book(second, at: practice.time(14))
    func move(_ hour: Int, _ minute: Int = 0, _ id: String? = nil) async throws
      -> RescheduleAppointmentResponse
    {
      try await practice.admin.appointments.reschedule(
        RescheduleAppointmentRequest(
          appointmentID: id ?? booked.appointmentID, startTime: practice.time(hour, minute),
          requestedBy: .patient, note: "school run"))
    }
    let taken = await failure { _ = try await move(14) }
    #expect(taken?.reason == "SLOT_TAKEN")
    // Its own time is not a conflict, and stays free for it to move into.
    #expect(taken?.conflict?.conflicts.contains { $0.startTime == practice.time(10) } == false)
    #expect(try await practice.get(booked) == booked)
    #expect(try await practice.claims() == 6)
    let moved = try await move(10, 15)
    let (new, old) = (try #require(moved.appointment), try #require(moved.rescheduled))
    #expect(new.startTime == practice.time(10, 15) && new.resourceIds == booked.resourceIds)
    #expect(new.rescheduledFromAppointmentID == booked.appointmentID && new.status == .booked)
    #expect(old.rescheduledToAppointmentID == new.appointmentID && old.status == .cancelled)
    #expect(old.cancellation?.reason == .rescheduled && old.cancellation?.late == false)
    #expect(try await practice.get(old) == old)
    #expect(try await practice.get(new) == new)
    #expect(try await practice.claims() == 6)
    let again = await failure { _ = try await move(11) }
    #expect(again?.reason == "TRANSITION_REFUSED")
  }

  @Test("of a request become a booking as long as nobody else has the time")
  func requests() async throws {
    let practice = try await TestPractice.make()
    let patients = try await [practice.clinic.patient(), practice.clinic.patient()]
    let requested = try await practice.request(patients[0], at: practice.time(10))
    try await practice.book(patients[1], at: practice.time(10, 15))
    let error = await failure { try await practice.apply(.accept, to: requested) }
    #expect(error?.reason == "SLOT_TAKEN")
    #expect(error?.conflict?.conflicts.first?.startTime == practice.time(10, 15))
    #expect(try await practice.get(requested).status == .requested)
  }

  @Test("of a request do not become a booking of an archived patient, nor one long past")
  func oldRequests() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let requested = try await practice.request(patient, at: practice.time(10))
    func begin(hoursAgo hours: Int64) async throws {
      let id = try #require(UUID(uuidString: requested.appointmentID))
      _ = try await practice.clinic.server.inspect(
        """
        update clinic.appointments set starts_at = begun, ends_at = begun + interval '30 minutes'
        from (select date_trunc('minute', now()) - \(hours) * interval '1 hour') past (begun)
        where id = \(id)
        """)
    }
    func accept() async -> RPCError? {
      await failure { try await practice.apply(.accept, to: requested) }
    }
    try await begin(hoursAgo: 48)
    #expect(await accept()?.reason == "IN_THE_PAST")
    try await begin(hoursAgo: 2)
    let race = try await Overlap(in: practice.clinic) {
      try await practice.admin.patients.archive(
        ArchivePatientRequest(patientID: patient.patientID))
    } _: {
      try await practice.apply(.accept, to: requested)
    }
    #expect(race.first.failure == nil)
    #expect(race.second.failure?.subject == "patient.state")
    #expect(await accept()?.subject == "patient.state")
    #expect(try await practice.get(requested).status == .requested)
  }
}
