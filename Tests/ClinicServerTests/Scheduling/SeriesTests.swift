import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Series of appointments")
struct SeriesTests {
  private static let week: Int64 = 7 * 86_400

  @Test("stay at local time over a year with both changes of the clock")
  func daylightSaving() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 500)))
    let reply = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=54", at: practice.local(9))
    let starts = reply.occurrences.compactMap(\.appointment?.startTime?.seconds)
    #expect(starts.count == 54)
    for occurrence in reply.occurrences {
      #expect(try TestPractice.minute(occurrence.appointment?.startTime) == 9 * 60)
    }
    let weeks = zip(starts, starts.dropFirst()).map { $1 - $0 }
    #expect(weeks.contains(Self.week - 3_600))
    #expect(weeks.contains(Self.week + 3_600))
    // What was answered is what is there.
    #expect(try await practice.occurrences(reply.series) == reply.occurrences)
  }

  @Test("on the 31st pass over shorter months, and take the last day where the rule says so")
  func monthEnds() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 500)))
    let patient = try await practice.clinic.patient()
    let first = try #require(
      (0..<62).first { PartialDate(daysSince1970: TestPractice.day + $0)?.day == 31 })
    let thirtyFirst = try await practice.series(
      patient, "FREQ=MONTHLY;COUNT=4", at: practice.local(10, day: first))
    let days = try thirtyFirst.occurrences.map { try Self.date($0.appointment?.startTime) }
    #expect(days.map(\.day) == [31, 31, 31, 31])
    let last = try await practice.series(
      patient, "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=6", at: practice.local(11, day: first))
    let ends = try last.occurrences.map { try Self.date($0.appointment?.startTime) }
    #expect(ends.count == 6)
    #expect(ends.allSatisfy { $0.day == PartialDate.days(in: $0.month, of: $0.year) })
    #expect(Set(ends.map(\.month)).count == 6)
  }

  private static func date(_ time: Timestamp?) throws -> PartialDate {
    let london = try #require(LocalTimeResolver(timeZone: "Europe/London"))
    return try #require(
      PartialDate(daysSince1970: london.local(at: time?.seconds ?? 0).day))
  }

  @Test("that do not fit are refused as a whole with the dates, or book the rest")
  func conflicts() async throws {
    let practice = try await TestPractice.make()
    try await practice.book(try await practice.clinic.patient(), at: practice.time(9, day: 14))
    _ = try await practice.admin.availability.createException(practice.closure(day: 21))
    let patient = try await practice.clinic.patient()
    let before = try await practice.claims()
    for isTrial in [true, false] {
      let error = await failure {
        _ = try await practice.series(
          patient, "FREQ=WEEKLY;COUNT=5", at: practice.local(9), validateOnly: isTrial)
      }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.reason == "SERIES_CONFLICTS")
      let conflicts = error?.seriesConflicts ?? []
      #expect(conflicts.map(\.conflict) == ["SLOT_TAKEN", "OUTSIDE_AVAILABILITY"])
      #expect(
        conflicts.map(\.recurrenceTime) == [practice.time(9, day: 14), practice.time(9, day: 21)])
      #expect(try await practice.claims() == before)
    }
    let trial = try await practice.series(
      patient, "FREQ=WEEKLY;COUNT=5", at: practice.local(9), skippingConflicts: true,
      validateOnly: true)
    #expect(trial.occurrences.map(\.conflict) == ["", "", "SLOT_TAKEN", "OUTSIDE_AVAILABILITY", ""])
    #expect(try await practice.claims() == before)
    let booked = try await practice.series(
      patient, "FREQ=WEEKLY;COUNT=5", at: practice.local(9), skippingConflicts: true)
    #expect(booked.occurrences.map(\.conflict) == trial.occurrences.map(\.conflict))
    #expect(try await practice.live(booked.series).count == 3)
    #expect(try await practice.claims() == before + 9)
  }

  @Test("that follow each other too closely conflict with themselves")
  func selfConflict() async throws {
    let practice = try await TestPractice.make(bufferAfter: 10)
    let error = try await #require(
      failure {
        _ = try await practice.series(
          practice.clinic.patient(), "FREQ=WEEKLY;COUNT=2", at: practice.local(9)
        ) { $0.pattern?.additions = [practice.local(9, 30), practice.local(10)] }
      })
    #expect(error.seriesConflicts.map(\.recurrenceTime) == [practice.time(9, 30)])
  }

  @Test("are booked once for a request id, whoever asks twice")
  func exactlyOnce() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let id = UUID().uuidString.lowercased()
    async let first = practice.series(
      patient, "FREQ=WEEKLY;COUNT=4", at: practice.local(9), requestID: id)
    async let second = practice.series(
      patient, "FREQ=WEEKLY;COUNT=4", at: practice.local(9), requestID: id)
    #expect(try await first == second)
    #expect(try await practice.claims() == 12)
  }

  @Test("of which one is moved keep the rest, and know which one it is")
  func moveOne() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=4", at: practice.local(9))
    let reply = try await practice.admin.series.update(
      UpdateAppointmentSeriesRequest(
        appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .this,
        recurrenceTime: practice.time(9, day: 7),
        series: AppointmentSeries(pattern: RecurrencePattern(start: practice.local(15, day: 8)))))
    #expect(reply.occurrences.map(\.recurrenceTime) == [practice.time(9, day: 7)])
    let live = try await practice.live(booked.series)
    #expect(
      live.map(\.startTime) == [
        practice.time(9), practice.time(15, day: 8), practice.time(9, day: 14),
        practice.time(9, day: 21)
      ])
    #expect(
      live[1].rescheduledFromAppointmentID == booked.occurrences[1].appointment?.appointmentID)
    #expect(
      live.map(\.appointmentSeriesID)
        == Array(repeating: booked.series?.appointmentSeriesID ?? "", count: 4))
    #expect(try await practice.claims() == 12)
  }

  @Test("that are parted, changed and cancelled leave nothing behind")
  func thisAndFollowing() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=8", at: practice.local(9))
    let parted = try await practice.admin.series.update(
      UpdateAppointmentSeriesRequest(
        appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .thisAndFollowing,
        recurrenceTime: practice.time(9, day: 21),
        series: AppointmentSeries(
          pattern: RecurrencePattern(start: practice.local(14, day: 22)),
          etag: booked.series?.etag ?? ""),
        updateMask: FieldMask(paths: ["pattern.start"])))
    #expect(parted.previousSeries?.appointmentSeriesID == booked.series?.appointmentSeriesID)
    #expect(parted.series?.previousAppointmentSeriesID == booked.series?.appointmentSeriesID)
    #expect(parted.series?.pattern?.rule == "FREQ=WEEKLY;COUNT=5")
    let head = try await practice.live(parted.previousSeries)
    let tail = try await practice.live(parted.series)
    #expect(head.map(\.startTime) == (0..<3).map { practice.time(9, day: 7 * $0) })
    #expect(tail.map(\.startTime) == (3..<8).map { practice.time(14, day: 7 * $0 + 1) })
    #expect(
      tail.map(\.rescheduledFromAppointmentID)
        == booked.occurrences.dropFirst(3).map { $0.appointment?.appointmentID ?? "" })
    #expect(try await practice.claims() == 24)
    // Parted again, then cancelled from the end to the beginning.
    let third = try await practice.admin.series.update(
      UpdateAppointmentSeriesRequest(
        appointmentSeriesID: parted.series?.appointmentSeriesID ?? "", scope: .thisAndFollowing,
        recurrenceTime: practice.time(14, day: 36), series: AppointmentSeries(reason: "Review")))
    #expect(try await practice.live(third.series).map(\.reason) == ["Review", "Review", "Review"])
    // These stayed where they were.
    #expect(
      try await practice.live(third.series).map(\.appointmentID)
        == tail.dropFirst(2).map(\.appointmentID))
    for series in [third.series, parted.series, booked.series] {
      _ = try await practice.admin.series.cancel(
        CancelAppointmentSeriesRequest(
          appointmentSeriesID: series?.appointmentSeriesID ?? "", scope: .all,
          cancelledBy: .patient,
          reason: .goesElsewhere))
      #expect(try await practice.live(series).isEmpty)
    }
    #expect(try await practice.claims() == 0)
    let patientID = booked.series?.patientID ?? ""
    let left = try await practice.admin.appointments.list(
      ListAppointmentsRequest(
        pageSize: 1_000, filter: AppointmentFilter(patientID: patientID)))
    #expect(left.appointments.count == 13)
    #expect(left.appointments.allSatisfy { $0.status == .cancelled })
  }

  @Test("of which all are changed keep what stays, move what does not, and spare what is cancelled")
  func all() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=6", at: practice.local(9))
    let appointments = booked.occurrences.compactMap(\.appointment)
    try await practice.cancel(appointments[2])
    let id = booked.series?.appointmentSeriesID ?? ""
    let fortnightly = try await practice.admin.series.update(
      UpdateAppointmentSeriesRequest(
        appointmentSeriesID: id, scope: .all,
        series: AppointmentSeries(
          pattern: RecurrencePattern(rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=4")),
        updateMask: FieldMask(paths: ["pattern.rule"])))
    #expect(fortnightly.series?.appointmentSeriesID == id)
    let live = try await practice.live(booked.series)
    #expect(live.map(\.startTime) == [0, 28, 42].map { practice.time(9, day: $0) })
    #expect(live.prefix(2).map(\.appointmentID) == [0, 4].map { appointments[$0].appointmentID })
    #expect(try await practice.claims() == 9)
    // A cancelled one is not called back by moving the hour of all.
    _ = try await practice.admin.series.update(
      UpdateAppointmentSeriesRequest(
        appointmentSeriesID: id, scope: .all,
        series: AppointmentSeries(pattern: RecurrencePattern(start: practice.local(16))),
        updateMask: FieldMask(paths: ["pattern.start"])))
    #expect(
      try await practice.live(booked.series).map(\.startTime)
        == [0, 28, 42].map { practice.time(16, day: $0) })
    #expect(try await practice.claims() == 9)
  }

  @Test("tell the change log of the appointments that they rewrite, and leave the others alone")
  func adoption() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=4", at: practice.local(9))
    func update(
      _ series: AppointmentSeries, _ path: String
    ) async throws -> UpdateAppointmentSeriesResponse {
      try await practice.admin.series.update(
        UpdateAppointmentSeriesRequest(
          appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .all,
          series: series,
          updateMask: FieldMask(paths: [path])))
    }
    func rewritten() async throws -> [String] {
      try await practice.admin.changes.list(
        ListChangesRequest(
          pageSize: 1_000, filter: ChangeFilter(recordTypes: ["appointment"]),
          order: .oldestFirst)
      ).changes.filter {
        $0.action == "updated" && $0.fields == ["appointment_series_id", "reason"]
      }
      .map(\.recordID)
    }
    let ids = booked.occurrences.compactMap(\.appointment?.appointmentID)
    let renamed = try await update(AppointmentSeries(reason: "Review"), "reason")
    #expect(try await rewritten() == ids)
    let live = try await practice.live(booked.series)
    #expect(live == renamed.occurrences.compactMap(\.appointment))
    #expect(live.allSatisfy { $0.reason == "Review" })
    let shorter = try await update(
      AppointmentSeries(pattern: RecurrencePattern(rule: "FREQ=WEEKLY;COUNT=3")), "pattern.rule")
    #expect(try await rewritten() == ids)
    #expect(shorter.occurrences.compactMap(\.appointment) == Array(live.prefix(3)))
    #expect(try await practice.live(booked.series) == Array(live.prefix(3)))
  }

  @Test("whose change does not fit stay as they were")
  func changeConflicts() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=4", at: practice.local(9))
    try await practice.book(try await practice.clinic.patient(), at: practice.time(11, day: 14))
    let before = try await practice.occurrences(booked.series)
    var request = UpdateAppointmentSeriesRequest(
      appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .all,
      series: AppointmentSeries(pattern: RecurrencePattern(start: practice.local(11))),
      updateMask: FieldMask(paths: ["pattern.start"]))
    let error = await failure { _ = try await practice.admin.series.update(request) }
    #expect(error?.seriesConflicts.map(\.recurrenceTime) == [practice.time(11, day: 14)])
    #expect(try await practice.occurrences(booked.series) == before)
    request.skipConflicts = true
    let moved = try await practice.admin.series.update(request)
    #expect(moved.occurrences.map(\.conflict) == ["", "", "SLOT_TAKEN", ""])
    #expect(
      try await practice.live(booked.series).map(\.startTime)
        == [0, 7, 21].map { practice.time(11, day: $0) })
  }

  @Test("are cancelled one by one, from one on, and as a whole")
  func cancelling() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=DAILY;COUNT=6", at: practice.local(9))
    func cancel(_ scope: SeriesScope, _ day: Int) async throws -> CancelAppointmentSeriesResponse {
      try await practice.admin.series.cancel(
        CancelAppointmentSeriesRequest(
          appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: scope,
          recurrenceTime: practice.time(9, day: day), cancelledBy: .clinic,
          reason: .practitionerAway))
    }
    let one = try await cancel(.this, 1)
    #expect(one.occurrences.map(\.recurrenceTime) == [practice.time(9, day: 1)])
    #expect(one.series?.pattern?.exceptions == [practice.local(9, day: 1)])
    let rest = try await cancel(.thisAndFollowing, 4)
    #expect(rest.occurrences.count == 2)
    #expect(
      try await practice.live(booked.series).map(\.startTime)
        == [0, 2, 3].map { practice.time(9, day: $0) })
    let error = await failure { _ = try await cancel(.this, 4) }
    #expect(error?.reason == "OCCURRENCE_NOT_FOUND")
    #expect(try await cancel(.all, 0).series?.state == .ended)
    #expect(try await practice.claims() == 0)
    let ended = await failure { _ = try await cancel(.all, 0) }
    #expect(ended?.code == .failedPrecondition)
  }

  @Test("do not cancel one occurrence that has nothing to cancel, and say so")
  func nothingToCancel() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 60)))
    try await practice.book(try await practice.clinic.patient(), at: practice.time(9, day: 7))
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=20", at: practice.local(9),
      skippingConflicts: true)
    func cancel(_ day: Int) async throws -> CancelAppointmentSeriesResponse {
      try await practice.admin.series.cancel(
        CancelAppointmentSeriesRequest(
          appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .this,
          recurrenceTime: practice.time(9, day: day), cancelledBy: .clinic, reason: .weather))
    }
    let skipped = await failure { _ = try await cancel(7) }
    #expect(skipped?.code == .failedPrecondition && skipped?.reason == "OCCURRENCE_NOT_BOOKED")
    try await practice.cancel(try #require(booked.occurrences.first?.appointment))
    let gone = await failure { _ = try await cancel(0) }
    #expect(gone?.reason == "TRANSITION_REFUSED")
    // What is not booked yet will not be.
    let later = try await cancel(19 * 7)
    #expect(later.occurrences.isEmpty)
    #expect(later.series?.pattern?.exceptions == [practice.local(9, day: 19 * 7)])
  }

  @Test("that are changed leave out what was entered in error")
  func enteredInError() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=DAILY;COUNT=3", at: practice.local(9))
    try await practice.apply(
      .markEnteredInError, to: try #require(booked.occurrences[1].appointment))
    _ = try await practice.admin.series.update(
      UpdateAppointmentSeriesRequest(
        appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .all,
        series: AppointmentSeries(lengthMinutes: 45),
        updateMask: FieldMask(paths: ["length_minutes"])))
    #expect(
      try await practice.live(booked.series).map(\.startTime)
        == [0, 2].map { practice.time(9, day: $0) })
  }

  @Test("keep the clinic's time zone as long as they, or appointments, lie ahead")
  func timeZone() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 40)))
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY;COUNT=9", at: practice.local(9))
    func move(_ path: String = "settings.time_zone") async -> RPCError? {
      await failure {
        _ = try await practice.admin.companies.updateMy(
          UpdateMyCompanyRequest(
            company: Company(
              settings: CompanySettings(timeZone: "Asia/Tokyo", countryCode: "JP")),
            updateMask: FieldMask(paths: [path])))
      }
    }
    let ahead = await move()
    #expect(ahead?.code == .failedPrecondition && ahead?.reason == "APPOINTMENTS_AHEAD")
    #expect(ahead?.appointmentsAhead?.count == Int32(booked.occurrences.count))
    #expect(ahead?.subject == "company.settings.time_zone")
    #expect(await move("settings.country_code") == nil)
    for appointment in try await practice.live(booked.series) {
      try await practice.cancel(appointment)
    }
    #expect(await move()?.reason == "SERIES_AHEAD")
    _ = try await practice.admin.series.cancel(
      CancelAppointmentSeriesRequest(
        appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .all,
        cancelledBy: .clinic,
        reason: .weather))
    #expect(await move() == nil)
  }

  @Test("are locked beside whoever moves one of their appointments")
  func lock() async throws {
    let practice = try await TestPractice.make()
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=DAILY;COUNT=2", at: practice.local(9))
    let id = try #require(UUID(uuidString: booked.series?.appointmentSeriesID ?? ""))
    var configuration = PostgresConfiguration(connectionString: practice.clinic.server.superuser)
    configuration.leasedConnections = 1
    let client = try PostgresClient(configuration: configuration, logger: .init(label: "mover"))
    try client.start()
    // As the foreign key of the appointment that takes the moved one's place.
    try await client.withTransaction { transaction in
      _ = try await transaction.query(
        "select from clinic.appointment_series where id = \(id) for key share")
      _ = try await practice.admin.series.cancel(
        CancelAppointmentSeriesRequest(
          appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .all,
          cancelledBy: .clinic,
          reason: .weather), options: CallOptions(timeout: .seconds(5)))
    }
    await client.shutdown()
  }

  @Test(
    "are refused with the field and the part that is wrong",
    arguments: [
      ("FREQ=HOURLY", 9, "series.pattern.rule", "RECURRENCE_PART_UNSUPPORTED"),
      (
        "FREQ=WEEKLY;COUNT=2;UNTIL=20990101", 9, "series.pattern.rule",
        "RECURRENCE_PART_CONTRADICTORY"
      ),
      ("FREQ=DAILY;BYMONTHDAY=32", 9, "series.pattern.rule", "RECURRENCE_PART_OUT_OF_RANGE"),
      ("", 9, "series.pattern.rule", "REQUIRED"),
      (
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", 9, "series.pattern.start",
        "RECURRENCE_START_MISMATCH"
      ),
      ("FREQ=DAILY", 24 * 3, "series.pattern.start.time.hours", "TOO_LARGE")
    ])
  func refusals(rule: String, hour: Int32, field: String, reason: String) async throws {
    let practice = try await TestPractice.make()
    let error = try await #require(
      failure {
        _ = try await practice.series(
          practice.clinic.patient(), rule, at: practice.local(hour))
      })
    #expect(error.code == .invalidArgument)
    #expect(error.fieldViolations.map(\.field) == [field])
    #expect(error.fieldViolations.first?.reason == reason)
  }

  @Test("in the past, without end in sight or with an old etag are refused")
  func states() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let past = await failure {
      _ = try await practice.series(patient, "FREQ=DAILY", at: practice.local(9, day: -35))
    }
    #expect(past?.reason == "IN_THE_PAST")
    let far = await failure {
      _ = try await practice.series(patient, "FREQ=DAILY", at: practice.local(9, day: 300))
    }
    #expect(far?.reason == "SERIES_SIZE")
    let booked = try await practice.series(
      patient, "FREQ=DAILY;COUNT=2", at: practice.local(9))
    let stale = await failure {
      _ = try await practice.admin.series.update(
        UpdateAppointmentSeriesRequest(
          appointmentSeriesID: booked.series?.appointmentSeriesID ?? "", scope: .all,
          series: AppointmentSeries(reason: "x", etag: "0")))
    }
    #expect(stale?.code == .aborted)
  }

  @Test("go on as time does, and say what could not be booked")
  func horizon() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 14)))
    // From the day after tomorrow: TestPractice's days begin a month ahead.
    let booked = try await practice.series(
      practice.clinic.patient(), "FREQ=WEEKLY", at: practice.local(9, day: -28))
    #expect(booked.occurrences.count == 2)
    try await practice.book(try await practice.clinic.patient(), at: practice.time(9, day: -14))
    _ = try await practice.admin.companies.updateMy(
      UpdateMyCompanyRequest(
        company: Company(
          settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 30))),
        updateMask: FieldMask(paths: ["settings.scheduling"])))
    let id = try #require(UUID(uuidString: booked.series?.appointmentSeriesID ?? ""))
    let live = try await eventually { () -> [Appointment]? in
      try await practice.passDay(of: id)
      let live = try await practice.live(booked.series)
      return live.count > 2 ? live : nil
    }
    #expect(
      live.map(\.startTime) == [-28, -21, -7, 0].map { practice.time(9, day: $0) })
    let log = try await practice.clinic.server.inspect(
      """
      select reason from clinic.changes where resource_id = \(id) and reason like 'Not booked: %'
      """)
    #expect(log.count == 1)
    #expect(try log[0].decode(0, as: String.self).hasSuffix("T09:00 SLOT_TAKEN"))
  }

  @Test(
    "end, and say why, where nothing can be booked any more",
    arguments: [
      ("archived patient", AppointmentSeriesEndReason.patientArchived),
      ("retired type", .typeRetired), ("retired room", .resourceRetired)
    ])
  func endedByTheServer(_ cause: String, reason: AppointmentSeriesEndReason) async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 14)))
    let patient = try await practice.clinic.patient()
    let booked = try await practice.series(
      patient, "FREQ=WEEKLY", at: practice.local(9, day: -28)
    ) { $0.resourceIds = [practice.room.resourceID] }
    let id = try #require(UUID(uuidString: booked.series?.appointmentSeriesID ?? ""))
    switch cause {
    case "archived patient":
      _ = try await practice.admin.patients.archive(
        ArchivePatientRequest(patientID: patient.patientID, keepAppointments: true))
    case "retired type":
      let retired = try await practice.admin.appointmentTypes.retire(
        RetireAppointmentTypeRequest(appointmentTypeID: practice.type.appointmentTypeID))
      #expect(retired.appointmentsAhead?.count == 2)
      #expect(
        retired.appointmentsAhead?.appointments.map(\.startTime)
          == booked.occurrences.map { $0.appointment?.startTime })
    default:
      let error = await failure {
        _ = try await practice.admin.resources.retire(
          RetireResourceRequest(resourceID: practice.room.resourceID))
      }
      #expect(error?.reason == "APPOINTMENTS_AHEAD" && error?.appointmentsAhead?.count == 2)
      for occurrence in booked.occurrences {
        try await practice.cancel(try #require(occurrence.appointment))
      }
      _ = try await practice.admin.resources.retire(
        RetireResourceRequest(resourceID: practice.room.resourceID))
    }
    _ = try await practice.admin.companies.updateMy(
      UpdateMyCompanyRequest(
        company: Company(
          settings: CompanySettings(scheduling: SchedulingPolicy(seriesHorizonDays: 30))),
        updateMask: FieldMask(paths: ["settings.scheduling"])))
    let ended = try await eventually { () -> AppointmentSeries? in
      try await practice.passDay(of: id)
      let series = try await practice.admin.series.get(
        GetAppointmentSeriesRequest(appointmentSeriesID: booked.series?.appointmentSeriesID ?? "")
      ).series
      return series?.state == .ended ? series : nil
    }
    #expect(ended.endReason == reason)
    let log = try await practice.clinic.server.inspect(
      """
      select reason, fields from clinic.changes
      where resource_id = \(id) order by sequence desc limit 1
      """)
    // The log has it in words.
    let words = try log[0].decode(0, as: String.self)
    #expect(words.contains(try #require(cause.split(separator: " ").first)))
    #expect(try log[0].decode(1, as: [String].self) == ["state", "end_reason"])
    let jobs = try await practice.clinic.server.inspect(
      "select count(*) from clinic.timers where subject_id = \(id)")
    #expect(try jobs[0].decode(0, as: Int64.self) == 0)
  }
}
