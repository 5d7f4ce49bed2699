import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("What a booking was decided on", .serialized)
struct BookingRulesTests {
  /// What else can happen to what is being booked.
  enum Happening: String, CaseIterable, CustomTestStringConvertible {
    case resourceRetired, patientArchived, typeRetired, leave, closure, otherHours, openingHours

    var testDescription: String { rawValue }

    fileprivate func happen(_ practice: TestPractice, _ patient: Patient) async throws {
      let admin = practice.admin
      switch self {
      case .resourceRetired:
        _ = try await admin.resources.retire(
          RetireResourceRequest(resourceID: practice.room.resourceID))
      case .patientArchived:
        _ = try await admin.patients.archive(ArchivePatientRequest(patientID: patient.patientID))
      case .typeRetired:
        _ = try await admin.appointmentTypes.retire(
          RetireAppointmentTypeRequest(appointmentTypeID: practice.type.appointmentTypeID))
      case .leave: _ = try await admin.availability.createException(practice.leave(day: 0))
      case .closure: _ = try await admin.availability.createException(practice.closure(day: 0))
      case .otherHours: _ = try await practice.setHours(13, 17)
      case .openingHours: _ = try await practice.setOpeningHours(13, 17)
      }
    }

    fileprivate var reason: String? {
      switch self {
      case .leave, .closure, .otherHours, .openingHours: "OUTSIDE_AVAILABILITY"
      default: nil
      }
    }
  }

  @Test("is looked at again where it was changed at the same moment", arguments: Happening.allCases)
  func changedMeanwhile(_ happening: Happening) async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let race = try await Overlap(in: practice.clinic) {
      try await happening.happen(practice, patient)
    } _: {
      try await practice.book(patient, at: practice.time(10))
    }
    #expect(race.first.failure == nil)
    #expect(race.second.failure?.code == .failedPrecondition)
    #expect(happening.reason == nil || race.second.failure?.reason == happening.reason)
    #expect(try await practice.claims() == 0)
  }

  @Test("may be asked for at the same moment: a request is looked at as a booking is")
  func requestedMeanwhile() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let race = try await Overlap(in: practice.clinic) {
      try await Happening.resourceRetired.happen(practice, patient)
    } _: {
      try await practice.request(patient, at: practice.time(10))
    }
    #expect(race.first.failure == nil)
    #expect(race.second.failure?.code == .failedPrecondition)
  }

  @Test("does not matter to whoever overbooks, as far as it is leave")
  func overbooked() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let race = try await Overlap(in: practice.clinic) {
      try await Happening.closure.happen(practice, patient)
    } _: {
      try await practice.overbook(patient, at: practice.time(10))
    }
    #expect(race.first.failure == nil && race.second.failure == nil)
    #expect(try await practice.claims() == 3)
  }

  @Test("does not matter to whoever is deleted meanwhile: there is no such patient any more")
  func patientDeleted() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let race = try await Overlap(in: practice.clinic) {
      try await practice.admin.patients.delete(
        DeletePatientRequest(patientID: patient.patientID, reason: "entered twice"))
    } _: {
      try await practice.book(patient, at: practice.time(10))
    }
    #expect(race.first.failure == nil)
    #expect(race.second.failure?.reason == "PATIENT_NOT_FOUND")
    #expect(race.second.failure?.facts["field"] == "appointment.patient_id")
  }

  @Test("holds for extra hours: nobody books in those that are taken back, and who did is named")
  func extraHours() async throws {
    func make() async throws -> (TestPractice, DeleteAvailabilityExceptionRequest, Patient) {
      let practice = try await TestPractice.make()
      let created = try await practice.admin.availability.createException(
        CreateAvailabilityExceptionRequest(
          exception: AvailabilityException(
            kind: .extraHours, resourceID: practice.practitioner.resourceID,
            starts: practice.local(18), ends: practice.local(20))))
      let patient = try await practice.clinic.patient()
      return (
        practice,
        DeleteAvailabilityExceptionRequest(
          availabilityExceptionID: created.exception?.availabilityExceptionID ?? ""), patient
      )
    }
    let (gone, deletion, patient) = try await make()
    let late = try await Overlap(in: gone.clinic) {
      try await gone.admin.availability.deleteException(deletion)
    } _: {
      try await gone.book(patient, at: gone.time(18))
    }
    #expect(late.first.failure == nil)
    #expect(late.second.failure?.reason == "OUTSIDE_AVAILABILITY")
    let (booked, otherDeletion, other) = try await make()
    try await booked.book(try await booked.clinic.patient(), at: booked.time(12))
    let early = try await Overlap(in: booked.clinic) {
      try await booked.book(other, at: booked.time(18))
    } _: {
      try await booked.admin.availability.deleteException(otherDeletion)
    }
    #expect(
      try early.second.get().affectedAppointmentIds == [try early.first.get().appointmentID])
  }

  @Test("names what was booked at the same moment: leave, a closure, other hours")
  func bookedMeanwhile() async throws {
    let changes: [@Sendable (TestPractice) async throws -> [String]] = [
      {
        try await $0.admin.availability.createException($0.leave(day: 0)).affectedAppointmentIds
      },
      {
        try await $0.admin.availability.createException($0.closure(day: 0)).affectedAppointmentIds
      },
      { try await $0.setHours(13, 17).affectedAppointmentIds },
      { try await $0.setOpeningHours(13, 17).affectedAppointmentIds }
    ]
    for change in changes {
      let practice = try await TestPractice.make()
      let patient = try await practice.clinic.patient()
      let race = try await Overlap(in: practice.clinic) {
        try await practice.book(patient, at: practice.time(10))
      } _: {
        try await change(practice)
      }
      let booked = try race.first.get()
      #expect(try race.second.get() == [booked.appointmentID])
    }
  }

  @Test("holds for the clinic's clock too: no series begins on one that is being changed")
  func timeZone() async throws {
    let zone = UpdateMyCompanyRequest(
      company: Company(settings: CompanySettings(timeZone: "Asia/Tokyo")),
      updateMask: FieldMask(paths: ["settings.time_zone"]))
    @Sendable func book(
      _ practice: TestPractice, _ patient: Patient
    ) async throws -> AppointmentSeries {
      let booked = try await practice.series(
        patient, "FREQ=WEEKLY;COUNT=2", at: practice.local(9))
      return try requireValue(booked.series)
    }
    let moved = try await TestPractice.make()
    let patient = try await moved.clinic.patient()
    let late = try await Overlap(in: moved.clinic) {
      try await moved.admin.companies.updateMy(zone)
    } _: {
      try await book(moved, patient)
    }
    #expect(late.first.failure == nil)
    // It is booked on the new clock, as it was asked for: at nine.
    let tokyo = try #require(LocalTimeResolver(timeZone: "Asia/Tokyo"))
    let starts = try await moved.live(try late.second.get()).map {
      tokyo.local(at: $0.startTime?.seconds ?? 0).minute
    }
    #expect(starts == [9 * 60, 9 * 60])
    let booked = try await TestPractice.make()
    let other = try await booked.clinic.patient()
    let early = try await Overlap(in: booked.clinic) {
      try await book(booked, other)
    } _: {
      try await booked.admin.companies.updateMy(zone)
    }
    #expect(early.first.failure == nil)
    #expect(early.second.failure?.reason == "APPOINTMENTS_AHEAD")
  }
}
