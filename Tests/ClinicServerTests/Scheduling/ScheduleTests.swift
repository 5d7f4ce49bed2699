import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Schedules", .serialized)
struct ScheduleTests {
  @Test("keep resources: made, changed, listed by kind and name, retired and taken back")
  func resources() async throws {
    let practice = try await TestPractice.make()
    let admin = practice.admin
    #expect(
      try await admin.resources.get(
        GetResourceRequest(resourceID: practice.practitioner.resourceID)
      ).resource == practice.practitioner)
    #expect(practice.room.capacity == 1)
    let equipment = try await practice.clinic.resource(
      Resource(kind: .equipment, name: "Ultrasound", capacity: 2, color: "#3A7CA5"))
    let changed = try await admin.resources.update(
      UpdateResourceRequest(
        resourceID: equipment.resourceID,
        resource: Resource(
          name: "ECG", weeklyHours: TestPractice.everyDay(8, 24), etag: equipment.etag),
        updateMask: FieldMask(paths: ["name", "weekly_hours"])))
    #expect(changed.resource?.name == "ECG" && changed.resource?.capacity == 2)
    #expect(changed.resource?.weeklyHours.count == 7)
    let stored = try await admin.resources.get(
      GetResourceRequest(resourceID: equipment.resourceID))
    #expect(stored.resource == changed.resource)
    var (names, token): ([String], String) = ([], "")
    repeat {
      let page = try await admin.resources.list(
        ListResourcesRequest(pageSize: 1, pageToken: token))
      names += page.resources.map(\.name)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(names == ["Dr Grace Okafor", "Room 1", "ECG"])
    let retired = try await admin.resources.retire(
      RetireResourceRequest(resourceID: equipment.resourceID))
    #expect(retired.resource?.state == .retired)
    #expect(
      try await admin.resources.list(ListResourcesRequest(kind: .equipment)).resources.isEmpty)
    #expect(
      try await admin.resources.list(
        ListResourcesRequest(kind: .equipment, includeRetired: true)
      ).resources.count == 1)
    _ = try await admin.resources.reinstate(
      ReinstateResourceRequest(resourceID: equipment.resourceID))
    let twice = await failure {
      _ = try await practice.clinic.resource(Resource(kind: .room, name: "room 1"))
    }
    #expect(twice?.reason == "RESOURCE_NAME_TAKEN")
  }

  @Test(
    "refuse resources that make no sense",
    arguments: [
      ("resource.staff_id", Resource(kind: .practitioner, name: "Nobody")),
      ("resource.staff_id", Resource(kind: .room, name: "R", staffID: UUID().uuidString)),
      ("resource.kind", Resource(name: "R")),
      ("resource.color", Resource(kind: .room, name: "R", color: "red")),
      ("resource.capacity", Resource(kind: .room, name: "R", capacity: 101)),
      (
        "resource.weekly_hours[1]",
        Resource(
          kind: .room, name: "R",
          weeklyHours: [
            WeeklyHours(
              dayOfWeek: .monday, starts: LocalTime(hours: 9), ends: LocalTime(hours: 12)),
            WeeklyHours(
              dayOfWeek: .monday, starts: LocalTime(hours: 11), ends: LocalTime(hours: 13))
          ])
      ),
      (
        "resource.weekly_hours[0]",
        Resource(
          kind: .room, name: "R",
          weeklyHours: [
            WeeklyHours(
              dayOfWeek: .monday, starts: LocalTime(hours: 9), ends: LocalTime(hours: 12),
              validFrom: .init(year: 2026, month: 2, day: 30))
          ])
      )
    ])
  func resourceRefusals(_ field: String, _ resource: Resource) async throws {
    let clinic = try await TestClinic.make()
    let error = await failure { _ = try await clinic.resource(resource) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.first?.field == field)
  }

  @Test("keep kinds of appointments, which need what exists")
  func types() async throws {
    let practice = try await TestPractice.make()
    let admin = practice.admin
    let scan = try await practice.clinic.appointmentType(
      AppointmentType(
        name: "Scan", lengthMinutes: 20, bufferBeforeMinutes: 5,
        needs: [ResourceNeed(kind: .room, resourceIds: [practice.room.resourceID])]))
    let changed = try await admin.appointmentTypes.update(
      UpdateAppointmentTypeRequest(
        appointmentTypeID: scan.appointmentTypeID,
        appointmentType: AppointmentType(lengthMinutes: 25, etag: scan.etag)))
    #expect(changed.appointmentType?.lengthMinutes == 25)
    #expect(changed.appointmentType?.needs == scan.needs)
    #expect(
      try await admin.appointmentTypes.get(
        GetAppointmentTypeRequest(appointmentTypeID: scan.appointmentTypeID)
      )
      .appointmentType == changed.appointmentType)
    let listed = try await admin.appointmentTypes.list(ListAppointmentTypesRequest())
    #expect(listed.appointmentTypes.map(\.name) == ["Consultation", "Scan"])
    for id in [practice.practitioner.resourceID, UUID().uuidString.lowercased()] {
      let error = await failure {
        _ = try await practice.clinic.appointmentType(
          AppointmentType(
            name: "Wrong", lengthMinutes: 20, needs: [ResourceNeed(kind: .room, resourceIds: [id])])
        )
      }
      let field = "appointment_type.needs[0].resource_ids[0]"
      if id == practice.practitioner.resourceID {
        #expect(error?.fieldViolations.first?.reason == "OTHER_KIND")
        #expect(error?.fieldViolations.first?.field == field)
      } else {
        #expect(error?.code == .notFound && error?.reason == "RESOURCE_NOT_FOUND")
        #expect(error?.facts["field"] == field)
      }
    }
    let retired = try await admin.appointmentTypes.retire(
      RetireAppointmentTypeRequest(appointmentTypeID: scan.appointmentTypeID))
    #expect(retired.appointmentType?.state == .retired)
    #expect(
      try await admin.appointments.findSlots(
        FindSlotsRequest(appointmentTypeID: scan.appointmentTypeID)
      ).slots.isEmpty)
  }

  @Test("know leave, closures and extra hours, and whom they concern")
  func exceptions() async throws {
    let practice = try await TestPractice.make()
    let admin = practice.admin
    let booked = try await practice.book(practice.clinic.patient(), at: practice.time(10))
    let closure = try await admin.availability.createException(practice.closure(day: 0))
    #expect(closure.affectedAppointmentIds == [booked.appointmentID])
    func at(_ hour: Int32, _ day: Int) -> LocalDateTime {
      LocalDateTime(date: TestPractice.date(day), time: LocalTime(hours: hour))
    }
    let extra = try await admin.availability.createException(
      CreateAvailabilityExceptionRequest(
        exception: AvailabilityException(
          kind: .extraHours, resourceID: practice.practitioner.resourceID, starts: at(17, 1),
          ends: at(20, 1))))
    _ = try await admin.availability.createException(
      CreateAvailabilityExceptionRequest(
        exception: AvailabilityException(
          kind: .leave, resourceID: practice.practitioner.resourceID, starts: at(12, 1),
          ends: at(13, 1))))
    func available() async throws -> [TimeSpan] {
      try await admin.availability.get(
        GetAvailabilityRequest(
          resourceID: practice.practitioner.resourceID, fromDate: TestPractice.date(0),
          untilDate: TestPractice.date(1))
      ).available
    }
    #expect(
      try await available() == [
        TimeSpan(startTime: practice.time(9, day: 1), endTime: practice.time(12, day: 1)),
        TimeSpan(startTime: practice.time(13, day: 1), endTime: practice.time(20, day: 1))
      ])
    let listed = try await admin.availability.listExceptions(
      ListAvailabilityExceptionsRequest(pageSize: 2))
    #expect(listed.exceptions.first == closure.exception)
    let rest = try await admin.availability.listExceptions(
      ListAvailabilityExceptionsRequest(pageSize: 2, pageToken: listed.nextPageToken))
    #expect(rest.exceptions == [try #require(extra.exception)] && rest.nextPageToken.isEmpty)
    let later = try await admin.availability.listExceptions(
      ListAvailabilityExceptionsRequest(
        filter: AvailabilityExceptionFilter(fromDate: TestPractice.date(1))))
    #expect(later.exceptions.count == 2)
    for exception in later.exceptions + listed.exceptions.prefix(1) {
      _ = try await admin.availability.deleteException(
        DeleteAvailabilityExceptionRequest(
          availabilityExceptionID: exception.availabilityExceptionID))
    }
    #expect(try await available().count == 2)
    let wrong = [
      AvailabilityException(kind: .closure, starts: at(9, 1), ends: at(9, 1)),
      AvailabilityException(kind: .leave, starts: at(9, 1), ends: at(10, 1)),
      AvailabilityException(kind: .closure, starts: at(9, 1), ends: at(9, 500)),
      AvailabilityException(
        kind: .closure, starts: LocalDateTime(date: .init(year: 2030)), ends: at(9, 1))
    ]
    for exception in wrong {
      let error = await failure {
        _ = try await admin.availability.createException(
          CreateAvailabilityExceptionRequest(exception: exception))
      }
      #expect(error?.code == .invalidArgument, "\(exception)")
    }
  }

  @Test("offer free slots: by practitioner, length, grid, limit, and without the patient's own")
  func findSlots() async throws {
    let practice = try await TestPractice.make()
    let other = try await practice.clinic.practitioner("Dr Noor Haddad")
    _ = try await practice.clinic.resource(Resource(kind: .room, name: "Room 2"))
    let patient = try await practice.clinic.patient()
    try await practice.book(patient, at: practice.time(9), with: [practice.practitioner])
    func find(_ change: (inout FindSlotsRequest) -> Void) async throws -> [Slot] {
      var request = FindSlotsRequest(
        appointmentTypeID: practice.type.appointmentTypeID, fromTime: practice.time(0),
        untilTime: practice.time(10))
      change(&request)
      return try await practice.admin.appointments.findSlots(request).slots
    }
    let all = try await find { _ in }
    #expect(
      all.map(\.startTime) == [
        practice.time(9), practice.time(9, 15), practice.time(9, 30), practice.time(9, 30)
      ])
    #expect(all[0].resourceIds[0] == other.resourceID)
    #expect(try await find { $0.resourceIds = [practice.practitioner.resourceID] }.count == 1)
    #expect(try await find { $0.patientID = patient.patientID }.count == 2)
    #expect(try await find { $0.lengthMinutes = 60 }.count == 1)
    #expect(try await find { $0.alignmentMinutes = 5 }.count == 8)
    #expect(try await find { $0.pageSize = 3 }.count == 3)
    #expect(try await find { $0.untilTime = practice.time(9, 29) }.isEmpty)
    let unknown = await failure { _ = try await find { $0.resourceIds = [UUID().uuidString] } }
    #expect(unknown?.code == .notFound)
    let long = await failure { _ = try await find { $0.untilTime = practice.time(0, day: 63) } }
    #expect(long?.fieldViolations.first?.field == "until_time")
  }

  @Test("offer no time of a resource that was retired, as nobody can book it")
  func retiredSlots() async throws {
    let practice = try await TestPractice.make()
    let gone = try await practice.clinic.practitioner("Dr Noor Haddad")
    _ = try await practice.admin.resources.retire(
      RetireResourceRequest(resourceID: gone.resourceID))
    func find(_ resources: [Resource]) async throws -> [Slot] {
      try await practice.admin.appointments.findSlots(
        FindSlotsRequest(
          appointmentTypeID: practice.type.appointmentTypeID, fromTime: practice.time(0),
          untilTime: practice.time(10),
          resourceIds: resources.map(\.resourceID))
      ).slots
    }
    #expect(try await find([gone]).isEmpty)
    let left = try await find([gone, practice.practitioner])
    #expect(left.count == 3)
    #expect(left.allSatisfy { $0.resourceIds.first == practice.practitioner.resourceID })
  }

  @Test("list appointments by time, resource, patient and status, a page at a time")
  func list() async throws {
    let practice = try await TestPractice.make()
    let patients = try await [practice.clinic.patient(), practice.clinic.patient()]
    var booked: [Appointment] = []
    for hour in 9..<14 {
      booked.append(try await practice.book(patients[hour % 2], at: practice.time(hour)))
    }
    try await practice.apply(.cancel, to: booked[4])
    func list(
      _ filter: AppointmentFilter, descending: Bool = false
    ) async throws -> [String] {
      var (ids, token): ([String], String) = ([], "")
      repeat {
        let page = try await practice.admin.appointments.list(
          ListAppointmentsRequest(
            pageSize: 2, pageToken: token, filter: filter,
            order: descending ? .latestFirst : .earliestFirst))
        ids += page.appointments.map(\.appointmentID)
        token = page.nextPageToken
      } while !token.isEmpty
      return ids
    }
    let ids = booked.map(\.appointmentID)
    #expect(try await list(AppointmentFilter()) == ids)
    #expect(try await list(AppointmentFilter(), descending: true) == ids.reversed())
    #expect(
      try await list(AppointmentFilter(fromTime: practice.time(10), untilTime: practice.time(12)))
        == [ids[1], ids[2]])
    #expect(
      try await list(AppointmentFilter(patientID: patients[1].patientID)) == [
        ids[0], ids[2], ids[4]
      ])
    #expect(try await list(AppointmentFilter(statuses: [.cancelled, .noShow])) == [ids[4]])
    #expect(try await list(AppointmentFilter(resourceID: practice.room.resourceID)) == ids)
    #expect(try await list(AppointmentFilter(appointmentTypeID: UUID().uuidString)).isEmpty)
  }

  @Test("show a day, a week and a month of each practitioner in one reply")
  func calendar() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let booked = try await practice.book(patient, at: practice.time(10))
    let cancelled = try await practice.book(patient, at: practice.time(12))
    try await practice.apply(.cancel, to: cancelled)
    func get(_ view: CalendarView, _ resources: [Resource] = []) async throws
      -> GetCalendarResponse
    {
      try await practice.admin.appointments.getCalendar(
        GetCalendarRequest(
          view: view, date: TestPractice.date(), resourceIds: resources.map(\.resourceID)))
    }
    let day = try await get(.day)
    #expect(day.timeZone == "Europe/London" && day.calendars.map(\.name) == ["Dr Grace Okafor"])
    let entry = try #require(day.calendars.first?.days.first)
    #expect(entry.appointments.map(\.appointmentID) == [booked, cancelled].map(\.appointmentID))
    #expect(entry.appointmentCount == 1 && entry.bookedMinutes == 30)
    #expect(entry.availableMinutes == 480 && entry.available.count == 1)
    let week = try await get(.week, [practice.room, practice.practitioner])
    #expect(week.calendars.map(\.name) == ["Room 1", "Dr Grace Okafor"])
    #expect(week.calendars.allSatisfy { $0.days.count == 7 })
    #expect(week.calendars[1].days.flatMap(\.appointments).count == 2)
    let month = try await get(.month)
    #expect((28...31).contains(try #require(month.calendars.first?.days.count)))
    #expect(month.firstDate?.day == 1)
    #expect(month.calendars.first?.days.contains { !$0.appointments.isEmpty } == false)
    #expect(month.calendars.first?.days.reduce(0) { $0 + $1.appointmentCount } == 1)
    let unknown = await failure {
      _ = try await get(.day, [Resource(resourceID: UUID().uuidString.lowercased())])
    }
    #expect(unknown?.code == .notFound && unknown?.facts["field"] == "resource_ids[0]")
  }

  @Test("refuse a calendar that does not fit into a reply, and say what to ask for instead")
  func largeCalendar() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.book(try await practice.clinic.patient(), at: practice.time(9))
    let id = try #require(UUID(uuidString: booked.appointmentID))
    // As many as the longest reasons take to fill it.
    _ = try await practice.clinic.server.inspect(
      """
      with copies as (
        insert into clinic.appointments (company_id, id, patient_id, type_id, starts_at, ends_at,
          buffer_before_minutes, buffer_after_minutes, status, reason)
        select company_id, gen_random_uuid(), patient_id, type_id, starts_at, ends_at, 0, 0, 8,
          repeat('x', 1000) from clinic.appointments, generate_series(1, 2600) where id = \(id)
        returning company_id, id, starts_at
      )
      insert into clinic.appointment_resources
        (company_id, appointment_id, resource_id, position, starts_at)
      select c.company_id, c.id, r.resource_id, 0, c.starts_at
      from copies c, clinic.appointment_resources r
      where r.appointment_id = \(id) and r.position = 0
      """)
    func get(_ view: CalendarView) async throws -> GetCalendarResponse {
      try await practice.admin.appointments.getCalendar(
        GetCalendarRequest(view: view, date: TestPractice.date()))
    }
    let error = await failure { _ = try await get(.week) }
    #expect(error?.code == .resourceExhausted && error?.reason == "REPLY_TOO_LARGE")
    #expect(error?.message.contains("name fewer resources") == true)
    let month = try await get(.month)
    #expect(month.calendars.first?.days.reduce(0) { $0 + $1.appointmentCount } == 2_601)
  }

  @Test("show an appointment over midnight on both of its days")
  func midnight() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.overbook(
      try await practice.clinic.patient(), at: practice.time(23, 45))
    for (day, view) in [(0, CalendarView.day), (1, .day), (0, .month), (1, .month)] {
      let reply = try await practice.admin.appointments.getCalendar(
        GetCalendarRequest(view: view, date: TestPractice.date(day)))
      let entry = try #require(
        reply.calendars.first?.days.first { $0.date == TestPractice.date(day) })
      #expect(entry.appointmentCount == 1 && entry.bookedMinutes == 15, "\(view) \(day)")
      if view == .day { #expect(entry.appointments.map(\.appointmentID) == [booked.appointmentID]) }
    }
  }

  @Test("name the appointments that other hours of a resource leave out")
  func otherHours() async throws {
    let practice = try await TestPractice.make()
    let first = try await practice.book(try await practice.clinic.patient(), at: practice.time(10))
    try await practice.book(try await practice.clinic.patient(), at: practice.time(14))
    let second = try await practice.book(
      try await practice.clinic.patient(), at: practice.time(9, day: 7))
    // It lay outside of the hours before.
    try await practice.overbook(try await practice.clinic.patient(), at: practice.time(20))
    let expected = [first, second].map(\.appointmentID)
    #expect(
      try await practice.setHours(12, 17, validateOnly: true).affectedAppointmentIds == expected)
    #expect(try await practice.setHours(12, 17).affectedAppointmentIds == expected)
    #expect(try await practice.setHours(12, 18).affectedAppointmentIds.isEmpty)
  }
}
