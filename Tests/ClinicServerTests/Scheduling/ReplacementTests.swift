import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("An appointment that takes the place of another")
struct ReplacementTests {
  /// Has the practice's type need somebody alone.
  private func dropRoom(_ practice: TestPractice) async throws {
    _ = try await practice.admin.appointmentTypes.update(
      UpdateAppointmentTypeRequest(
        appointmentTypeID: practice.type.appointmentTypeID,
        appointmentType: AppointmentType(needs: [ResourceNeed(kind: .practitioner)]),
        updateMask: FieldMask(paths: ["needs"])))
  }

  private func move(
    _ appointment: Appointment, to time: Timestamp, _ practice: TestPractice
  ) async throws -> Appointment {
    let reply = try await practice.admin.appointments.reschedule(
      RescheduleAppointmentRequest(appointmentID: appointment.appointmentID, startTime: time))
    return try requireValue(reply.appointment)
  }

  @Test("leaves out what its type does not need any more")
  func fewerNeeds() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    #expect(booked.resourceIds.count == 2)
    try await dropRoom(practice)
    let moved = try await move(booked, to: practice.time(11), practice)
    #expect(moved.resourceIds == [practice.practitioner.resourceID])
  }

  @Test("keeps one of two practitioners where one is enough by now")
  func fewerOfAKind() async throws {
    let practice = try await TestPractice.make()
    let other = try await practice.clinic.practitioner("Dr Noor Haddad")
    let type = try await practice.clinic.appointmentType(
      AppointmentType(
        name: "Case conference", lengthMinutes: 30,
        needs: [ResourceNeed(kind: .practitioner), ResourceNeed(kind: .practitioner)]))
    var new = practice.new(
      try await practice.clinic.patient(), at: practice.time(10),
      with: [other, practice.practitioner])
    new.appointmentTypeID = type.appointmentTypeID
    let reply = try await practice.admin.appointments.book(BookAppointmentRequest(appointment: new))
    let booked = try #require(reply.appointment)
    _ = try await practice.admin.appointmentTypes.update(
      UpdateAppointmentTypeRequest(
        appointmentTypeID: type.appointmentTypeID,
        appointmentType: AppointmentType(needs: [ResourceNeed(kind: .practitioner)]),
        updateMask: FieldMask(paths: ["needs"])))
    let moved = try await move(booked, to: practice.time(11), practice)
    #expect(moved.resourceIds == [try #require(booked.resourceIds.first)])
  }

  @Test("in a series goes by the same rules: fewer needs, another room")
  func occurrence() async throws {
    let practice = try await TestPractice.make()
    let colleague = try await practice.clinic.practitioner("Dr Noor Haddad")
    let room = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=2", at: practice.local(9)
    ) { $0.resourceIds = [practice.practitioner.resourceID] }
    try await practice.book(
      try await practice.clinic.patient(), at: practice.time(15), with: [colleague, practice.room])
    func move(_ week: Int, to hour: Int32) async throws -> Appointment {
      let reply = try await practice.admin.series.update(
        UpdateAppointmentSeriesRequest(
          appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .this,
          recurrenceTime: practice.time(9, day: 7 * week),
          series: AppointmentSeries(
            pattern: RecurrencePattern(start: practice.local(hour, day: 7 * week))),
          updateMask: FieldMask(paths: ["pattern.start"])))
      return try requireValue(reply.occurrences.first?.appointment)
    }
    #expect(booked.occurrences[0].appointment?.resourceIds.last == practice.room.resourceID)
    let elsewhere = try await move(0, to: 15)
    #expect(elsewhere.resourceIds == [practice.practitioner.resourceID, room.resourceID])
    #expect(elsewhere.recurrenceTime == practice.time(9))
    try await dropRoom(practice)
    let alone = try await move(1, to: 15)
    #expect(alone.resourceIds == [practice.practitioner.resourceID])
  }

  @Test("is offered its own time among the nearest ones, where it cannot have another")
  func nearest() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    try await practice.book(try await practice.clinic.patient(), at: practice.time(10, 30))
    let error = await failure { _ = try await move(booked, to: practice.time(10, 30), practice) }
    #expect(error?.reason == "SLOT_TAKEN")
    let times = error?.conflict?.alternatives.map(\.startTime) ?? []
    #expect(times.prefix(2) == [practice.time(10), practice.time(11)])
  }
}
