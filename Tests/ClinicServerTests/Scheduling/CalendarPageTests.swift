import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Subprocess
import Testing

@testable import ClinicServer

@Suite("Calendar feeds by plain HTTP")
struct CalendarPageTests {
  /// What a program that is not ours gets.
  private struct Answer {
    let status: Int
    let fields: [String: String]
    let body: String
  }

  private func curl(
    _ path: String, _ practice: TestPractice, _ options: String...
  ) async throws -> Answer {
    let server = practice.clinic.server
    let result = try await run(
      .name("curl"),
      arguments: .init(
        ["--silent", "--show-error", "--include", "--cacert", server.certificateAuthority]
          + options + ["https://127.0.0.1:\(server.port)\(path)"]),
      output: .string(limit: 4_194_304), error: .string(limit: 65_536))
    let text = result.standardOutput
    let parts = text.components(separatedBy: "\r\n\r\n")
    let lines = parts[0].components(separatedBy: "\r\n")
    let status = try #require(
      lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) },
      "\(text) \(result.standardError)")
    let fields = lines.dropFirst().compactMap { line -> (String, String)? in
      let pair = line.split(separator: ":", maxSplits: 1)
      return pair.count == 2
        ? (pair[0].lowercased(), pair[1].trimmingCharacters(in: .whitespaces)) : nil
    }
    return Answer(
      status: status, fields: Dictionary(fields) { first, _ in first },
      body: parts.dropFirst().joined(separator: "\r\n\r\n"))
  }

  private func feed(_ practice: TestPractice) async throws -> CreateCalendarFeedResponse {
    try await practice.admin.calendarFeeds.create(
      CreateCalendarFeedRequest(
        feed: CalendarFeed(resourceID: practice.practitioner.resourceID, name: "Telephone")))
  }

  @Test(
    "are calendars that a calendar program subscribes to, and reads again only when they changed",
    arguments: ["--http1.1", "--http2"])
  func subscribe(_ version: String) async throws {
    let practice = try await TestPractice.make()
    let patient = try await practice.clinic.patient()
    let booked = try await practice.book(patient, at: practice.time(9))
    // More than is worth sending as it is.
    for hour in 10..<14 { try await practice.book(patient, at: practice.time(hour)) }
    let path = try await feed(practice).path
    let first = try await curl(path, practice, version)
    #expect(first.status == 200)
    #expect(first.fields["content-type"] == "text/calendar; charset=utf-8")
    #expect(first.body.hasPrefix("BEGIN:VCALENDAR\r\n"))
    #expect(first.body.hasSuffix("END:VCALENDAR\r\n"))
    #expect(first.body.contains("UID:\(booked.appointmentID)@"))
    #expect(first.fields["content-length"] == "\(first.body.utf8.count)")
    let changed = try #require(first.fields["last-modified"])
    #expect(changed.hasSuffix(" GMT"))
    let tag = try #require(first.fields["etag"])

    let head = try await curl(path, practice, version, "--head")
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head.fields["content-length"] == first.fields["content-length"])
    #expect(head.fields["etag"] == tag)
    let zipped = try await curl(path, practice, version, "--compressed")
    #expect(zipped.fields["content-encoding"] == "gzip" && zipped.body == first.body)

    let known = try await curl(path, practice, version, "--header", "If-None-Match: \(tag)")
    #expect(known.status == 304 && known.body.isEmpty && known.fields["etag"] == tag)
    try await practice.cancel(booked)
    let new = try await curl(path, practice, version, "--header", "If-None-Match: \(tag)")
    #expect(new.status == 200 && new.fields["etag"] != tag)
    #expect(new.body.contains("STATUS:CANCELLED"))
  }

  @Test(
    "are not there for a wrong or revoked token, in words that programs understand",
    arguments: ["--http1.1", "--http2"])
  func refusals(_ version: String) async throws {
    let practice = try await TestPractice.make()
    let made = try await feed(practice)
    for wrong in ["/calendar/ccf1_x.ics", made.path.replacingOccurrences(of: "ccf1_", with: "x")] {
      let answer = try await curl(wrong, practice, version)
      #expect(answer.status == 404)
      #expect(answer.fields["content-type"] == "application/json")
      #expect(answer.body.contains("TOKEN_REFUSED"))
    }
    let long = try await curl(
      "/calendar/\(String(repeating: "a", count: 300)).ics", practice, version)
    #expect(long.status == 400)
    let post = try await curl(made.path, practice, version, "--data", "{}")
    #expect(post.status == 405 && post.fields["allow"] == "GET, HEAD")
    let elsewhere = try await curl("/calendar", practice, version)
    #expect(elsewhere.status == 405)
    // What a program knows of users and sessions is nothing to a page.
    let more = try await curl(
      made.path, practice, version, "--user", "somebody:secret", "--header", "x-request-id: 7")
    #expect(more.status == 200)
    _ = try await practice.admin.calendarFeeds.revoke(
      RevokeCalendarFeedRequest(calendarFeedID: made.feed?.calendarFeedID ?? ""))
    #expect(try await curl(made.path, practice, version).status == 404)
  }

  @Test(
    "say when they changed as HTTP does",
    arguments: [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT")
    ])
  func dates(_ moment: Int64, _ text: String) {
    #expect(CalendarFeedPage.httpDate(moment) == text)
  }

  @Test("give calls that have the calendar already none, and note no reading")
  func conditionalCall() async throws {
    let practice = try await TestPractice.make(
      settings: CompanySettings(scheduling: SchedulingPolicy(calendarFeedDetail: .initials)))
    try await practice.book(try await practice.clinic.patient(), at: practice.time(9))
    let made = try await feed(practice)
    let tag = try #require(try await curl(made.path, practice).fields["etag"])
    var metadata = Metadata()
    metadata.add(tag, for: "if-none-match")
    let reply = try await practice.admin.calendarFeeds.read(
      ReadCalendarFeedRequest(token: made.token), options: CallOptions(metadata: metadata))
    #expect(reply.calendar.isEmpty)
    // Only what showed initials is in the log: the first reading.
    _ = try await practice.admin.appointments.list(ListAppointmentsRequest())
    let company = try #require(UUID(uuidString: practice.clinic.company.companyID))
    let count = try await eventually { () -> Int64? in
      let rows = try await practice.clinic.server.inspect(
        """
        select count(*) filter (where method like '%ListAppointments'),
          coalesce(sum(cardinality(request_id)) filter (where method like '%ReadCalendarFeed'), 0)
        from clinic.reads where company_id = \(company)
        """)
      let (lists, feeds) = try rows[0].decode(Int64.self, Int64.self)
      return lists > 0 ? feeds : nil
    }
    // The feed and its one patient.
    #expect(count == 2)
  }
}
