import Foundation
import Testing

@testable import ClinicServer

@Suite("iCalendar texts")
struct CalendarDocumentTests {
  private static let london = TimeZone(identifier: "Europe/London")

  private func moment(_ text: String) throws -> Foundation.Date {
    try Foundation.Date(text, strategy: .iso8601)
  }

  private func document(
    _ events: [CalendarEvent], name: String = "Dr Osei"
  ) throws -> CalendarDocument {
    CalendarDocument(
      name: name, timeZone: try #require(Self.london), events: events)
  }

  private func event(
    _ start: String, minutes: Double = 30, summary: String = "Busy", uid: String = "a@clinic",
    sequence: Int = 0, status: CalendarEvent.Status = .confirmed,
    changed: String = "2026-02-28T10:00:00Z"
  ) throws -> CalendarEvent {
    let start = try moment(start)
    return CalendarEvent(
      uid: uid, sequence: sequence, status: status, start: start, end: start + minutes * 60,
      summary: summary, lastModified: try moment(changed))
  }

  @Test("are octet for octet what RFC 5545 asks for")
  func wholeText() throws {
    let text = try document([
      event("2026-03-28T09:00:00Z", sequence: 1),
      event(
        "2026-03-30T08:00:00Z", uid: "b@clinic", sequence: 2, status: .cancelled,
        changed: "2026-03-01T12:00:00Z")
    ]).text
    #expect(
      text == """
        BEGIN:VCALENDAR\r
        VERSION:2.0\r
        PRODID:-//Clinic RPC//clinicd//EN\r
        CALSCALE:GREGORIAN\r
        METHOD:PUBLISH\r
        NAME:Dr Osei\r
        X-WR-CALNAME:Dr Osei\r
        X-WR-TIMEZONE:Europe/London\r
        REFRESH-INTERVAL;VALUE=DURATION:PT15M\r
        BEGIN:VTIMEZONE\r
        TZID:Europe/London\r
        BEGIN:STANDARD\r
        DTSTART:20260327T090000\r
        TZOFFSETFROM:+0000\r
        TZOFFSETTO:+0000\r
        END:STANDARD\r
        BEGIN:DAYLIGHT\r
        DTSTART:20260329T010000\r
        TZOFFSETFROM:+0000\r
        TZOFFSETTO:+0100\r
        END:DAYLIGHT\r
        END:VTIMEZONE\r
        BEGIN:VEVENT\r
        UID:a@clinic\r
        DTSTAMP:20260301T120000Z\r
        LAST-MODIFIED:20260228T100000Z\r
        SEQUENCE:1\r
        STATUS:CONFIRMED\r
        DTSTART;TZID=Europe/London:20260328T090000\r
        DTEND;TZID=Europe/London:20260328T093000\r
        SUMMARY:Busy\r
        TRANSP:OPAQUE\r
        END:VEVENT\r
        BEGIN:VEVENT\r
        UID:b@clinic\r
        DTSTAMP:20260301T120000Z\r
        LAST-MODIFIED:20260301T120000Z\r
        SEQUENCE:2\r
        STATUS:CANCELLED\r
        DTSTART;TZID=Europe/London:20260330T090000\r
        DTEND;TZID=Europe/London:20260330T093000\r
        SUMMARY:Busy\r
        TRANSP:TRANSPARENT\r
        END:VEVENT\r
        END:VCALENDAR\r

        """)
  }

  @Test("write the second of two equal times in UTC, as it has no other name")
  func repeatedTimes() throws {
    // 01:30 on 25 October 2026 in London happens at 00:30Z and again at 01:30Z.
    let text = try document([
      event("2026-10-25T00:30:00Z", minutes: 60), event("2026-10-25T01:30:00Z", minutes: 60)
    ]).text
    #expect(text.contains("DTSTART;TZID=Europe/London:20261025T013000\r\nDTEND:20261025T013000Z"))
    #expect(text.contains("DTSTART:20261025T013000Z\r\nDTEND;TZID=Europe/London:20261025T023000"))
  }

  @Test("describe every change of the clock between the events, each offset once")
  func observances() throws {
    let text = try document([event("2025-01-01T09:00:00Z"), event("2027-12-31T09:00:00Z")]).text
    #expect(text.contains("DTSTART:20250330T010000\r\nRDATE:20260329T010000,20270328T010000\r\n"))
    #expect(text.contains("DTSTART:20251026T020000\r\nRDATE:20261025T020000,20271031T020000\r\n"))
    #expect(text.components(separatedBy: "BEGIN:DAYLIGHT").count == 2)
  }

  @Test("without events have no zone to describe")
  func noEvents() throws {
    let text = try document([]).text
    #expect(!text.contains("VTIMEZONE"))
    #expect(text.hasSuffix("\r\nEND:VCALENDAR\r\n"))
  }

  @Test(
    "escape what has a meaning and leave no other control character",
    arguments: [
      ("a;b,c\\d", "a\\;b\\,c\\\\d"), ("line\nline", "line\\nline"),
      ("line\r\nline", "line\\nline"),
      ("line\rline", "line\\nline"), ("\n\n", "\\n\\n"), ("be\u{7}ll\u{0}\u{85}", "bell"),
      ("tab\there", "tab\there"), ("END:VCALENDAR", "END:VCALENDAR")
    ])
  func escaping(text: String, escaped: String) {
    #expect(ContentLines.escaped(text) == escaped)
  }

  @Test("fold lines at 75 octets, never inside of a character", arguments: [1, 2, 3, 4])
  func folding(octets: Int) throws {
    let character = ["a", "é", "医", "🩺"][octets - 1]
    let name = String(repeating: character, count: 200)
    let text = try document([], name: name).text
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.allSatisfy { $0.utf8.count <= 75 })
    // As long as it can be without breaking a character.
    #expect(lines.contains { $0.hasPrefix("NAME:") && $0.utf8.count > 75 - octets })
    #expect(
      text.replacingOccurrences(of: "\r\n ", with: "").contains("\r\nNAME:\(name)\r\n"))
  }
}
