import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("The read log of scheduling")
struct SchedulingReadsTests {
  /// Ways of reading whose appointment it is.
  enum Reading: String, CaseIterable {
    case getAppointment = "AppointmentService/GetAppointment"
    case listAppointments = "AppointmentService/ListAppointments"
    case getCalendar = "AppointmentService/GetCalendar"
    case getSeries = "AppointmentSeriesService/GetAppointmentSeries"
    case listSeries = "AppointmentSeriesService/ListAppointmentSeries"
    case getEntry = "WaitlistService/GetWaitlistEntry"
    case listEntries = "WaitlistService/ListWaitlistEntries"
    case listOffers = "WaitlistService/ListWaitlistOffers"
    case readFeed = "CalendarFeedService/ReadCalendarFeed"
  }

  @Test("says whose data was read", arguments: Reading.allCases)
  func patients(_ reading: Reading) async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(calendarFeedDetail: .initials)))
    let patient = try await practice.clinic.patient()
    let admin = practice.admin
    switch reading {
    case .getAppointment:
      _ = try await practice.get(try await practice.book(patient, at: practice.time(9)))
    case .listAppointments:
      try await practice.book(patient, at: practice.time(9))
      _ = try await admin.appointments.list(ListAppointmentsRequest())
    case .getCalendar:
      try await practice.book(patient, at: practice.time(9))
      _ = try await admin.appointments.getCalendar(
        GetCalendarRequest(view: .week, date: TestPractice.date()))
    case .getSeries, .listSeries:
      let reply = try await practice.series(
        patient, "FREQ=WEEKLY;COUNT=2", at: practice.local(9))
      if reading == .getSeries {
        _ = try await practice.occurrences(reply.series)
      } else {
        _ = try await admin.series.list(ListAppointmentSeriesRequest())
      }
    case .getEntry:
      _ = try await practice.entry(try await practice.wait(patient))
    case .listEntries:
      try await practice.wait(patient)
      _ = try await admin.waitlist.listEntries(ListWaitlistEntriesRequest())
    case .listOffers:
      _ = try await practice.offer(to: patient)
      _ = try await practice.offers()
    case .readFeed:
      try await practice.book(patient, at: practice.time(9))
      let feed = try await admin.calendarFeeds.create(
        CreateCalendarFeedRequest(
          feed: CalendarFeed(resourceID: practice.room.resourceID, name: "Door")))
      _ = try await admin.calendarFeeds.read(ReadCalendarFeedRequest(token: feed.token))
    }
    let id = try #require(UUID(uuidString: patient.patientID))
    let company = try #require(UUID(uuidString: practice.clinic.company.companyID))
    let method = "clinic.v1.\(reading.rawValue)"
    _ = try await eventually { () -> Bool? in
      let rows = try await practice.clinic.server.inspect(
        """
        select count(*) from clinic.reads where company_id = \(company) and method = \(method)
        and \(id) = any(resource_id)
        """)
      return try rows[0].decode(0, as: Int64.self) > 0 ? true : nil
    }
  }

  @Test("leaves out feeds that name nobody")
  func anonymousFeed() async throws {
    let practice = try await TestPractice.make()
    try await practice.book(try await practice.clinic.patient(), at: practice.time(9))
    let feed = try await practice.admin.calendarFeeds.create(
      CreateCalendarFeedRequest(
        feed: CalendarFeed(resourceID: practice.room.resourceID, name: "Door")))
    _ = try await practice.admin.calendarFeeds.read(ReadCalendarFeedRequest(token: feed.token))
    // Logged later: what came before is in the log with it.
    _ = try await practice.admin.appointments.list(ListAppointmentsRequest())
    let company = try #require(UUID(uuidString: practice.clinic.company.companyID))
    let methods = try await eventually { () -> [String]? in
      let rows = try await practice.clinic.server.inspect(
        "select distinct method from clinic.reads where company_id = \(company)")
      return rows.count > 0 ? try (0..<rows.count).map { try rows[$0].decode(0) } : nil
    }
    #expect(methods == ["clinic.v1.AppointmentService/ListAppointments"])
  }
}
