import Testing

@testable import ClinicServer

@Suite("Partial dates")
struct PartialDateTests {
  @Test(
    "exist or do not",
    arguments: [
      (1984, 2, 29, true), (1900, 2, 29, false), (2000, 2, 29, true), (2023, 2, 29, false),
      (2023, 2, 28, true), (2023, 4, 31, false), (2023, 12, 31, true), (2023, 0, 0, true),
      (2023, 5, 0, true), (2023, 0, 5, false), (2023, 13, 0, false), (2023, 13, 1, false),
      (0, 0, 0, false), (1, 1, 1, true), (9999, 12, 31, true), (10_000, 0, 0, false),
      (2023, -1, 0, false), (2023, 1, -1, false), (2023, 1, 32, false), (-5, 1, 1, false)
    ])
  func existence(year: Int, month: Int, day: Int, exists: Bool) {
    #expect((PartialDate(year: year, month: month, day: day) != nil) == exists)
  }

  @Test(
    "are written and read as ISO 8601",
    arguments: ["1984-02-29", "1984-02", "1984", "0001-01-01", "9999-12-31"])
  func isoText(text: String) throws {
    #expect(try #require(PartialDate(iso: text)).description == text)
  }

  @Test(
    "are not read from anything else",
    arguments: [
      "", "84", "1984-2-29", "1984-02-30", "1984-00", "1984-02-00", "1984-02-29-01", "1984/02/29",
      "-984", "19840229", "1984-", "１９８４", " 1984", "+984", "1984-+2"
    ])
  func refusedText(text: String) {
    #expect(PartialDate(iso: text) == nil)
  }

  @Test("count days as the calendar does, there and back")
  func dayNumbers() throws {
    #expect(try #require(PartialDate(iso: "1970-01-01")).earliestDay == 0)
    #expect(try #require(PartialDate(iso: "2000-03-01")).earliestDay == 11_017)
    #expect(try #require(PartialDate(iso: "1969-12-31")).earliestDay == -1)
    #expect(try #require(PartialDate(iso: "0001-01-01")).earliestDay == -719_162)
    var previous: PartialDate?
    // Every day of the era around 1970, and every week of the others.
    for day in Array(-80_000...80_000) + stride(from: -719_162, through: 2_932_896, by: 7) {
      guard let date = PartialDate(daysSince1970: day), date.earliestDay == day,
        date.latestDay == day
      else {
        Issue.record("day \(day) is lost")
        return
      }
      if let previous, previous >= date, day != -719_162 { Issue.record("\(previous) \(date)") }
      previous = date
    }
    #expect(PartialDate(daysSince1970: -719_163) == nil)
    #expect(PartialDate(daysSince1970: 2_932_897) == nil)
    #expect(PartialDate(daysSince1970: .max) == nil)
    #expect(PartialDate(daysSince1970: .min) == nil)
  }

  @Test(
    "cover every day that they may be",
    arguments: [
      ("1984", "1984-01-01", "1984-12-31"), ("1984-02", "1984-02-01", "1984-02-29"),
      ("1985-02", "1985-02-01", "1985-02-28"), ("1984-02-29", "1984-02-29", "1984-02-29")
    ])
  func spans(text: String, first: String, last: String) throws {
    let date = try #require(PartialDate(iso: text))
    #expect(date.earliestDay == PartialDate(iso: first)?.earliestDay)
    #expect(date.latestDay == PartialDate(iso: last)?.latestDay)
    #expect(date.isComplete == (text.utf8.count == 10))
  }

  @Test(
    "are certainly before only where no day is shared",
    arguments: [
      ("1984", "1985", true), ("1984", "1984-12-31", false), ("1984-03", "1984-04-01", true),
      ("1984-04-01", "1984-04-01", false), ("1984-04", "1984", false), ("1990", "1984", false)
    ])
  func certainty(left: String, right: String, isBefore: Bool) throws {
    let left = try #require(PartialDate(iso: left))
    let right = try #require(PartialDate(iso: right))
    #expect(left.isCertainlyBefore(right) == isBefore)
    #expect(left.overlaps(right) == right.overlaps(left))
    #expect(
      left.overlaps(right) == (!left.isCertainlyBefore(right) && !right.isCertainlyBefore(left)))
    #expect(left.isCertainlyAfter(day: left.earliestDay - 1))
    #expect(!left.isCertainlyAfter(day: left.earliestDay))
  }

  @Test("sort with the less known first")
  func order() {
    let texts = ["1984", "1984-02", "1984-02-01", "1984-02-29", "1984-03", "1985"]
    let dates = texts.compactMap { PartialDate(iso: $0) }
    #expect(dates.shuffled().sorted().map(\.description) == texts)
  }
}
