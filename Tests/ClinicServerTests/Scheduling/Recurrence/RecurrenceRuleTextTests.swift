import Testing

@testable import ClinicServer

@Suite("Texts of recurrence rules")
struct RecurrenceRuleTextTests {
  @Test(
    "are read, and written in one form",
    arguments: [
      ("FREQ=DAILY", "FREQ=DAILY"),
      ("RRULE:FREQ=WEEKLY;BYDAY=FR,MO", "FREQ=WEEKLY;BYDAY=MO,FR"),
      ("freq=weekly;byday=mo;interval=1", "FREQ=WEEKLY;BYDAY=MO"),
      ("COUNT=10;FREQ=MONTHLY;BYDAY=-1FR,+2TU", "FREQ=MONTHLY;COUNT=10;BYDAY=2TU,-1FR"),
      ("FREQ=MONTHLY;BYMONTHDAY=31,-1,31", "FREQ=MONTHLY;BYMONTHDAY=-1,31"),
      ("FREQ=YEARLY;UNTIL=20261231;BYMONTH=3", "FREQ=YEARLY;UNTIL=20261231;BYMONTH=3"),
      ("FREQ=DAILY;UNTIL=20261231T090000", "FREQ=DAILY;UNTIL=20261231T090000"),
      ("FREQ=DAILY;UNTIL=20261231T090000Z", "FREQ=DAILY;UNTIL=20261231T090000Z"),
      ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;WKST=SU"),
      ("FREQ=WEEKLY;WKST=MO", "FREQ=WEEKLY"),
      (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2"
      )
    ])
  func forms(text: String, canonical: String) throws {
    let rule = try RecurrenceRule(text: text)
    #expect(rule.text == canonical)
    #expect(try RecurrenceRule(text: canonical) == rule)
  }

  @Test(
    "are refused with the name of the part",
    arguments: [
      ("", "", RecurrenceError.Reason.malformed),
      ("INTERVAL=2", "FREQ", .missing),
      ("FREQ=FORTNIGHTLY", "FREQ", .malformed),
      ("FREQ=HOURLY", "FREQ", .unsupported),
      ("FREQ=SECONDLY", "FREQ", .unsupported),
      ("FREQ=DAILY;FREQ=DAILY", "FREQ", .duplicate),
      ("FREQ", "FREQ", .malformed),
      ("FREQ=", "FREQ", .malformed),
      ("FREQ=DAILY;INTERVAL=0", "INTERVAL", .outOfRange),
      ("FREQ=DAILY;INTERVAL=-1", "INTERVAL", .outOfRange),
      ("FREQ=DAILY;INTERVAL=1001", "INTERVAL", .outOfRange),
      ("FREQ=DAILY;INTERVAL=two", "INTERVAL", .malformed),
      ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL", .malformed),
      ("FREQ=DAILY;COUNT=0", "COUNT", .outOfRange),
      ("FREQ=DAILY;COUNT=10001", "COUNT", .outOfRange),
      ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "UNTIL", .contradictory),
      ("FREQ=DAILY;UNTIL=20260230", "UNTIL", .malformed),
      ("FREQ=DAILY;UNTIL=20261231T250000", "UNTIL", .malformed),
      ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL", .malformed),
      ("FREQ=YEARLY;BYMONTH=13", "BYMONTH", .outOfRange),
      ("FREQ=YEARLY;BYMONTH=3,,4", "BYMONTH", .malformed),
      ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY", .outOfRange),
      ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY", .outOfRange),
      ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY", .outOfRange),
      ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY", .contradictory),
      ("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31", "BYMONTHDAY", .contradictory),
      ("FREQ=WEEKLY;BYDAY=XX", "BYDAY", .malformed),
      ("FREQ=WEEKLY;BYDAY=", "BYDAY", .malformed),
      ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY", .contradictory),
      ("FREQ=DAILY;BYDAY=-1MO", "BYDAY", .contradictory),
      ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY", .outOfRange),
      ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY", .outOfRange),
      ("FREQ=MONTHLY;BYDAY=--1MO", "BYDAY", .malformed),
      ("FREQ=YEARLY;BYDAY=54MO", "BYDAY", .outOfRange),
      ("FREQ=YEARLY;BYMONTH=5;BYDAY=20MO", "BYDAY", .outOfRange),
      ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS", .contradictory),
      ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS", .outOfRange),
      ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS", .outOfRange),
      ("FREQ=WEEKLY;WKST=8", "WKST", .malformed),
      ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO", .unsupported),
      ("FREQ=YEARLY;BYYEARDAY=100", "BYYEARDAY", .unsupported),
      ("FREQ=DAILY;BYHOUR=9", "BYHOUR", .unsupported),
      ("FREQ=DAILY;COLOUR=RED", "COLOUR", .malformed),
      ("FREQ=DAILY;", "", .malformed)
    ])
  func refusals(text: String, part: String, reason: RecurrenceError.Reason) throws {
    let error = try #require(throws: RecurrenceError.self) { try RecurrenceRule(text: text) }
    #expect(error.part == part)
    #expect(error.reason == reason)
  }

  @Test("with added and left out days are read and written")
  func properties() throws {
    let start = try #require(LocalMoment(basicText: "20260105T090000"))
    let text = """
      RRULE:FREQ=WEEKLY;COUNT=4
      RDATE:20260108T140000
      EXDATE:20260112T090000,20260119T090000
      """
    let recurrence = try Recurrence(start: start, text: text)
    #expect(recurrence.text == text)
    #expect(
      recurrence.occurrences(through: try day("20270101")).map(\.basicText) == [
        "20260105T090000", "20260108T140000", "20260126T090000"
      ])
    #expect(
      try Recurrence(start: start, text: "EXDATE:20260112").exceptions.map(\.second) == [32_400])
  }

  @Test(
    "with other properties are refused",
    arguments: [
      ("EXRULE:FREQ=DAILY", "EXRULE", RecurrenceError.Reason.unsupported),
      ("RRULE:FREQ=DAILY\nRRULE:FREQ=DAILY", "RRULE", .duplicate),
      ("RDATE:20260230", "RDATE", .malformed), ("EXDATE:", "EXDATE", .malformed),
      ("EXDATE", "EXDATE", .malformed), ("DTSTART:20260105", "DTSTART", .malformed)
    ])
  func otherProperties(text: String, part: String, reason: RecurrenceError.Reason) throws {
    let start = try #require(LocalMoment(basicText: "20260105T090000"))
    let error = try #require(throws: RecurrenceError.self) {
      try Recurrence(start: start, text: text)
    }
    #expect(error.part == part)
    #expect(error.reason == reason)
  }
}

/// A day in the form of RFC 5545.
func day(_ text: String) throws -> LocalDay { try #require(LocalDay(basicText: text)) }
