import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import TestSupport
import Testing

@Suite("The dashboard")
struct DashboardTests {
  private static var now: Int64 { Int64(Foundation.Date().timeIntervalSince1970) }

  /// A practice whose clock shows the twelfth hour or another, whatever hour the test is run at.
  private func practice(
    hour wanted: Int = 12, bufferAfter: Int32 = 0
  ) async throws -> TestPractice {
    let hour = Int(Self.now / 3_600 % 24)
    var ahead = wanted - hour
    if ahead > 14 { ahead -= 24 }
    if ahead < -12 { ahead += 24 }
    let zone = ahead == 0 ? "Etc/UTC" : "Etc/GMT\(ahead > 0 ? "-" : "+")\(abs(ahead))"
    return try await TestPractice.make(
      in: TestClinic.make(
        settings: CompanySettings(
          timeZone: zone, currencyCode: "GBP", locale: "en-GB", countryCode: "GB")),
      bufferAfter: bufferAfter)
  }

  /// The hour that the clock shows and so many more, to the minute.
  private func time(_ hours: Int64) -> Timestamp {
    Timestamp(seconds: Self.now / 3_600 * 3_600 + hours * 3_600)
  }

  private func dashboard(_ practice: TestPractice) async throws -> Dashboard {
    try requireValue(try await practice.admin.dashboard.get(GetDashboardRequest()).dashboard)
  }

  private func counts(_ dashboard: Dashboard) -> [AppointmentStatus: Int32] {
    Dictionary(
      uniqueKeysWithValues: (dashboard.summary?.appointments ?? []).map { ($0.status, $0.count) })
  }

  @Test("shows who is where since when, how busy the practitioners are, and what is late")
  func overview() async throws {
    let practice = try await practice()
    let empty = try await dashboard(practice)
    #expect(empty.board.isEmpty)
    #expect(empty.resources.map(\.name) == ["Dr Grace Okafor", "Room 1"])
    let first = try await practice.book(try await practice.clinic.patient(), at: time(2))
    let second = try await practice.book(
      try await practice.clinic.patient(family: "Second"), at: time(3))
    let gone = try await practice.book(
      try await practice.clinic.patient(family: "Gone"), at: time(4))
    try await practice.apply(.cancel, to: gone)
    let booked = try await dashboard(practice)
    #expect(booked.board.map(\.appointmentID) == [first.appointmentID, second.appointmentID])
    #expect(counts(booked) == [.booked: 2, .cancelled: 1])
    // 60 of 480 minutes.
    #expect(booked.summary?.utilisationPercent == 13)
    let doctor = try #require(booked.resources.first)
    #expect((doctor.bookedMinutes, doctor.availableMinutes) == (60, 480))
    #expect(doctor.nextFreeTime?.seconds ?? 0 <= Self.now)
    #expect(doctor.nextFreeUntilTime == time(2))

    try await practice.apply(.arrive, to: first)
    try await practice.apply(.checkIn, to: second)
    let waiting = try await dashboard(practice)
    #expect(waiting.summary?.waitingCount == 2)
    let arrival = waiting.board.first?.arriveTime
    #expect(arrival != nil && waiting.summary?.longestWaitingSince == arrival)
    #expect(waiting.board.first?.statusTime == arrival)

    try await practice.apply(.start, to: first)
    try await practice.apply(.complete, to: first)
    try await practice.apply(.markLeftBeforeSeen, to: second)
    let after = try await dashboard(practice)
    #expect(counts(after) == [.completed: 1, .leftBeforeSeen: 1, .cancelled: 1])
    #expect(after.summary?.waitingCount == 0)
    #expect(after.summary?.longestWaitingSince == nil)
    #expect((after.summary?.longestWaitSeconds ?? -1) >= 0)
    #expect(after.sequence > waiting.sequence)
  }

  @Test("counts what goes before and after appointments as booked")
  func buffers() async throws {
    let practice = try await practice(bufferAfter: 15)
    let first = try await practice.book(try await practice.clinic.patient(), at: time(2))
    try await practice.book(try await practice.clinic.patient(), at: time(3))
    for verb in [AppointmentVerb.arrive, .checkIn, .start, .complete] {
      try await practice.apply(verb, to: first)
    }
    let doctor = try #require(try await dashboard(practice).resources.first)
    #expect((doctor.bookedMinutes, doctor.availableMinutes) == (90, 480))
  }

  @Test("shows who is here about midnight, whichever day the appointment is on")
  func midnight() async throws {
    let evening = try await practice(hour: 23)
    // The clock will show midnight at the full hour.
    let early = try await evening.overbook(try await evening.clinic.patient(), at: time(1))
    try await evening.overbook(try await evening.clinic.patient(), at: time(2))
    #expect(try await dashboard(evening).board.isEmpty)
    try await evening.apply(.arrive, to: early)
    let before = try await dashboard(evening)
    #expect(before.board.map(\.appointmentID) == [early.appointmentID])
    #expect(before.summary?.waitingCount == 1)
    #expect(before.summary?.appointments.isEmpty == true)
    let night = try await practice(hour: 0)
    let late = try await night.overbook(try await night.clinic.patient(), at: time(-1))
    try await night.overbook(try await night.clinic.patient(), at: time(-1))
    for verb in [AppointmentVerb.checkIn, .start] { try await night.apply(verb, to: late) }
    #expect(try await dashboard(night).board.map(\.appointmentID) == [late.appointmentID])
    try await night.apply(.complete, to: late)
    #expect(try await dashboard(night).board.isEmpty)
  }

  @Test(
    "begins its day as every other rule does, where the clock shows midnight twice or never",
    arguments: [
      "America/Havana", "Atlantic/Azores", "Asia/Beirut", "America/Santiago", "Africa/Cairo",
      "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Etc/UTC"
    ])
  func firstMidnight(_ zone: String) async throws {
    let resolver = try #require(LocalTimeResolver(timeZone: zone))
    let first = LocalTimeResolverTests.day(2025, 1, 1)
    let rows = try await ClinicTestServer.shared.running().inspect(
      """
      select extract(epoch from
        clinic.first_instant('2025-01-01'::timestamp + day * interval '1 day', \(zone)))::int8
      from generate_series(0, 799) day order by day
      """)
    for day in 0..<rows.count {
      let expected = resolver.instant(of: LocalMoment(day: first + day))
      #expect(try rows[day].decode(0, as: Int64.self) == expected, "day \(day)")
    }
  }

  @Test("counts follow-ups that are open, due, overdue and not begun in time")
  func followUps() async throws {
    let practice = try await practice()
    let service = practice.admin.followUps
    for (respond, due) in [(1, 2), (1, 3_600), (3_600, 7_200), (86_400, 864_000)] {
      _ = try await service.create(
        CreateFollowUpRequest(
          followUp: FollowUp(
            title: "Call", respondByTime: Timestamp(seconds: Self.now + Int64(respond) + 1),
            dueTime: Timestamp(seconds: Self.now + Int64(due) + 1))))
    }
    var summary: DashboardSummary?
    let start = ContinuousClock.now
    repeat {
      try await Task.sleep(for: .milliseconds(200))
      summary = try await dashboard(practice).summary
    } while summary?.overdueFollowUpCount != 1 && ContinuousClock.now - start < .seconds(20)
    #expect(summary?.openFollowUpCount == 4)
    #expect(summary?.overdueFollowUpCount == 1)
    #expect(summary?.dueFollowUpCount == 2)
    #expect(summary?.unansweredFollowUpCount == 2)
  }

  @Test("is the same to one who follows it on another server, cut off again and again")
  func following() async throws {
    let practice = try await practice()
    try await ReplicaServer.with { replica in
      let proxy = try CuttingProxy(to: replica.port)
      defer { proxy.stop() }
      let follower = try await practice.clinic.login(at: replica, port: proxy.port)
      let patients = 12
      let last = try await withThrowingTaskGroup(of: Dashboard?.self) { group in
        group.addTask {
          var last: Dashboard?
          var sequence: Int64 = -1
          try await follower.followDashboard(patience: .seconds(60)) { day in
            #expect(day.sequence >= sequence)
            sequence = day.sequence
            last = day
            return day.board.count { $0.status == .completed } < patients
          }
          return last
        }
        group.addTask {
          for number in 0..<patients {
            // Half an hour each, from nine o'clock on.
            let patient = try await practice.clinic.patient(family: "F\(number)")
            let at = Timestamp(seconds: time(-3).seconds + Int64(number) * 1_800)
            let booked = try await practice.book(patient, at: at)
            for verb in [AppointmentVerb.arrive, .checkIn, .start, .complete] {
              try await practice.apply(verb, to: booked)
            }
            if number % 3 == 0 { proxy.cut() }
          }
          return nil
        }
        var last: Dashboard?
        for try await part in group { last = part ?? last }
        return last
      }
      let now = try await dashboard(practice)
      #expect(last?.board == now.board)
      #expect(last?.summary == now.summary)
      #expect(last.map { $0.sequence <= now.sequence } == true)
      await follower.close()
    }
  }

  @Test("goes on after a place with what changed since, and only that")
  func resume() async throws {
    let practice = try await practice()
    let first = try await practice.book(try await practice.clinic.patient(), at: time(2))
    let second = try await practice.book(
      try await practice.clinic.patient(family: "Second"), at: time(3))
    let known = try await dashboard(practice)
    try await practice.apply(.arrive, to: first)
    try await practice.apply(.cancel, to: second)
    let end = try await dashboard(practice).sequence
    var changed: [String] = []
    var removed: [String] = []
    var place = known.sequence
    let request = WatchDashboardRequest(afterSequence: known.sequence, date: known.date)
    try await practice.admin.dashboard.watch(request) { replies in
      for try await reply in replies {
        #expect(reply.afterSequence == place)
        place = reply.sequence
        guard case .change(let change) = reply.content else {
          Issue.record("a whole dashboard: \(reply)")
          return
        }
        changed += change.board.map(\.appointmentID)
        removed += change.removedAppointmentIds
        if reply.sequence >= end { return }
      }
    }
    #expect(Set(changed) == [first.appointmentID])
    #expect(Set(removed) == [second.appointmentID])
    // Of another day, everything is new.
    let other = WatchDashboardRequest(
      afterSequence: known.sequence, date: ClinicContracts::Date(year: 2020, month: 1, day: 1))
    let whole = try await practice.admin.dashboard.watch(other) { try await $0.next() }
    guard case .dashboard(let day) = whole?.content else {
      Issue.record("no whole dashboard")
      return
    }
    #expect(day.board.map(\.appointmentID) == [first.appointmentID])
  }
}
