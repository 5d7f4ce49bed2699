import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@testable import ClinicServer

@Suite("Calendar feeds")
struct CalendarFeedTests {
  private func feed(
    _ practice: TestPractice
  ) async throws -> (feed: CalendarFeed, token: String) {
    let reply = try await practice.admin.calendarFeeds.create(
      CreateCalendarFeedRequest(
        feed: CalendarFeed(resourceID: practice.practitioner.resourceID, name: "Telephone")))
    return (try requireValue(reply.feed), reply.token)
  }

  /// Reads a feed as a calendar program does: without a session.
  private func read(_ token: String, _ practice: TestPractice) async throws -> String {
    let client = try practice.clinic.server.client()
    let reply = try await client.calendarFeeds.read(ReadCalendarFeedRequest(token: token))
    await client.close()
    return reply.calendar
  }

  /// The lines of an appointment's event.
  private func event(_ appointment: Appointment, in text: String) throws -> [String: String] {
    let unfolded = text.replacingOccurrences(of: "\r\n ", with: "")
    let block = try #require(
      unfolded.components(separatedBy: "BEGIN:VEVENT").first {
        $0.contains("UID:\(appointment.appointmentID)@")
      })
    return Dictionary(
      block.components(separatedBy: "\r\n").compactMap { line in
        let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test("show that a time is taken and nothing else, on the clinic's clock")
  func busy() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient(given: "Xanthippe", family: "Quillfeather")
    let booked = try await practice.book(patient, at: practice.time(9))
    let text = try await read(try await feed(practice).token, practice)
    let event = try event(booked, in: text)
    #expect(event["SUMMARY"] == "Busy")
    #expect(event["STATUS"] == "CONFIRMED")
    #expect(event["SEQUENCE"] == "0")
    #expect(event["DTSTART;TZID=Europe/London"]?.hasSuffix("T090000") == true)
    #expect(event["DTEND;TZID=Europe/London"]?.hasSuffix("T093000") == true)
    for secret in ["Xanthippe", "Quillfeather", "Consultation", "Room 1", patient.patientID] {
      #expect(!text.contains(secret))
    }
  }

  @Test("show initials and rooms where the clinic says so")
  func initials() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(calendarFeedDetail: .initials)))
    let booked = try await practice.book(
      try await practice.clinic.patient(given: "Xanthippe", family: "Quillfeather"),
      at: practice.time(9))
    let text = try await read(try await feed(practice).token, practice)
    let event = try event(booked, in: text)
    #expect(event["SUMMARY"] == "X. Q.")
    #expect(event["LOCATION"] == "Room 1")
    #expect(!text.contains("Xanthippe"))
  }

  @Test("keep what is cancelled or moved for a while, with a higher sequence")
  func cancellations() async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let cancelled = try await practice.book(patient, at: practice.time(9))
    let moved = try await practice.book(patient, at: practice.time(10))
    let old = try await practice.book(patient, at: practice.time(11))
    let held = try await practice.hold(patient, at: practice.time(12))
    let requested = try await practice.request(patient, at: practice.time(13))
    let token = try await feed(practice).token
    let before = try await read(token, practice)
    #expect(try event(held, in: before)["STATUS"] == "TENTATIVE")
    #expect(!before.contains(requested.appointmentID))
    try await practice.cancel(cancelled)
    try await practice.cancel(old)
    let new = try await practice.admin.appointments.reschedule(
      RescheduleAppointmentRequest(
        appointmentID: moved.appointmentID, startTime: practice.time(15)))
    let oldID = try #require(UUID(uuidString: old.appointmentID))
    _ = try await practice.clinic.server.inspect(
      """
      update clinic.appointments set status_at = now() - interval '31 days' where id = \(oldID)
      """)
    let after = try await read(token, practice)
    for appointment in [cancelled, moved] {
      let (was, now) = (try event(appointment, in: before), try event(appointment, in: after))
      #expect(now["STATUS"] == "CANCELLED")
      #expect(Int(now["SEQUENCE"] ?? "") ?? 0 > Int(was["SEQUENCE"] ?? "") ?? 0)
      #expect(now["UID"] == was["UID"])
      #expect(now["DTSTART;TZID=Europe/London"] == was["DTSTART;TZID=Europe/London"])
    }
    #expect(!after.contains(old.appointmentID))
    #expect(try event(try #require(new.appointment), in: after)["STATUS"] == "CONFIRMED")
  }

  @Test("are made once for a request id, and show their token once")
  func once() async throws {
    let practice = try await TestPractice.make()
    let request = CreateCalendarFeedRequest(
      feed: CalendarFeed(resourceID: practice.practitioner.resourceID, name: "Telephone"),
      requestID: UUID().uuidString.lowercased())
    let made = try await practice.admin.calendarFeeds.create(request)
    #expect(try await read(made.token, practice).hasPrefix("BEGIN:VCALENDAR"))
    let again = try await practice.admin.calendarFeeds.create(request)
    #expect(again.feed == made.feed && again.token.isEmpty && again.path.isEmpty)
    let listed = try await practice.admin.calendarFeeds.list(ListCalendarFeedsRequest())
    #expect(listed.feeds.map(\.calendarFeedID) == [made.feed?.calendarFeedID])
    let trial = try await practice.admin.calendarFeeds.create(
      request.with {
        $0.requestID = ""
        $0.validateOnly = true
      })
    #expect(trial.token.isEmpty && trial.path.isEmpty)
  }

  @Test("are made by nobody who may not read the appointments")
  func permission() async throws {
    let practice = try await TestPractice.make()
    let service = try await practice.clinic.service(permissions: ["calendar_feeds.write"])
    let refused = await failure {
      _ = try await service.client.calendarFeeds.create(
        CreateCalendarFeedRequest(
          feed: CalendarFeed(resourceID: practice.practitioner.resourceID, name: "Telephone")))
    }
    #expect(refused?.reason == "PERMISSION_MISSING")
    #expect(refused?.facts["permission"] == "appointments.read")
  }

  @Test("open to their token alone, until it is revoked")
  func tokens() async throws {
    let practice = try await TestPractice.make()
    let (feed, token) = try await feed(practice)
    _ = try await read(token, practice)
    let listed = try await practice.admin.calendarFeeds.list(ListCalendarFeedsRequest())
    #expect(listed.feeds.map(\.calendarFeedID) == [feed.calendarFeedID])
    #expect(listed.feeds.first?.lastReadTime != nil)
    var forged = Array(token)
    forged[forged.count - 2] = forged[forged.count - 2] == "A" ? "B" : "A"
    for wrong in ["", "ccf1_", "x", String(forged), String(token.dropLast())] where !wrong.isEmpty {
      let error = await failure { _ = try await read(wrong, practice) }
      #expect(error?.code == .unauthenticated)
    }
    // Another clinic's feed under this one's secret.
    let known = try #require(FeedToken(text: token))
    let strange = FeedToken(companyID: known.companyID, feedID: UUIDv7.make())
    let error = await failure { _ = try await read(strange.text, practice) }
    #expect(error?.code == .unauthenticated)
    _ = try await practice.admin.calendarFeeds.revoke(
      RevokeCalendarFeedRequest(calendarFeedID: feed.calendarFeedID))
    let revoked = await failure { _ = try await read(token, practice) }
    #expect(revoked?.code == .unauthenticated)
    let left = try await practice.admin.calendarFeeds.list(ListCalendarFeedsRequest())
    #expect(left.feeds.isEmpty)
    let all = try await practice.admin.calendarFeeds.list(
      ListCalendarFeedsRequest(includeRevoked: true))
    #expect(all.feeds.first?.revokeTime != nil)
    let again = await failure {
      _ = try await practice.admin.calendarFeeds.revoke(
        RevokeCalendarFeedRequest(calendarFeedID: feed.calendarFeedID))
    }
    #expect(again?.code == .failedPrecondition)
  }

  @Test("end with the account that made them")
  func closedAccount() async throws {
    let practice = try await TestPractice.make()
    let member = try await practice.clinic.member(
      permissions: ["calendar_feeds.write", "appointments.read"])
    let caller = try requireValue(try await member.auth.getCaller(GetCallerRequest()).staff)
    let token = try await member.calendarFeeds.create(
      CreateCalendarFeedRequest(
        feed: CalendarFeed(resourceID: practice.practitioner.resourceID, name: "Telephone"))
    ).token
    let (_, kept) = try await feed(practice)
    _ = try await read(token, practice)
    _ = try await practice.admin.staff.deactivate(DeactivateStaffRequest(staffID: caller.staffID))
    let ended = await failure { _ = try await read(token, practice) }
    #expect(ended?.code == .unauthenticated)
    _ = try await read(kept, practice)
  }

  @Test("write nothing of a token but its hash")
  func secrecy() async throws {
    let practice = try await TestPractice.make()
    let token = try #require(FeedToken(text: try await feed(practice).token))
    #expect(!"\(token)".contains(token.text.suffix(20)))
    let rows = try await practice.clinic.server.inspect(
      "select token_hash from clinic.calendar_feeds where id = \(token.feedID)")
    #expect(try rows[0].decode(0, as: [UInt8].self) == token.hash)
  }
}
