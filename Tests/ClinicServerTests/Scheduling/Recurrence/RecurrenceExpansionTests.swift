import Foundation
import Testing

@testable import ClinicServer

@Suite("Expansion of recurrence rules")
struct RecurrenceExpansionTests {
  /// Examples of RFC 5545 §3.8.5.3, all from 09:00 of the start.
  @Test(
    "gives what the examples of RFC 5545 say",
    arguments: [
      ("19970902", "FREQ=DAILY;COUNT=3", "19970902 19970903 19970904"),
      (
        "19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "19970902 19970912 19970922 19971002 19971012"
      ),
      (
        "19970902", "FREQ=WEEKLY;UNTIL=19971001T000000Z",
        "19970902 19970909 19970916 19970923 19970930"
      ),
      (
        "19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "19970902 19970916 19970930 19971014 19971028 19971111"
      ),
      (
        "19970902", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "19970902 19970904 19970909 19970911 19970916 19970918 19970923 19970925 19970930 19971002"
      ),
      (
        "19970901", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "19970901 19970903 19970905 19970915 19970917 19970919"
      ),
      (
        "19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "19970902 19970904 19970916 19970918 19970930 19971002 19971014 19971016"
      ),
      ("19970905", "FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "19970905 19971003 19971107"),
      (
        "19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=6;BYDAY=1SU,-1SU",
        "19970907 19970928 19971102 19971130 19980104 19980125"
      ),
      ("19970922", "FREQ=MONTHLY;COUNT=4;BYDAY=-2MO", "19970922 19971020 19971117 19971222"),
      (
        "19970928", "FREQ=MONTHLY;BYMONTHDAY=-3",
        "19970928 19971029 19971128 19971229 19980129 19980226"
      ),
      (
        "19970902", "FREQ=MONTHLY;COUNT=6;BYMONTHDAY=2,15",
        "19970902 19970915 19971002 19971015 19971102 19971115"
      ),
      (
        "19970930", "FREQ=MONTHLY;COUNT=6;BYMONTHDAY=1,-1",
        "19970930 19971001 19971031 19971101 19971130 19971201"
      ),
      (
        "19970910", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "19970910 19970911 19970912 19970913 19970914 19970915 19990310 19990311 19990312 19990313"
      ),
      ("19970610", "FREQ=YEARLY;COUNT=4;BYMONTH=6,7", "19970610 19970710 19980610 19980710"),
      (
        "19970310", "FREQ=YEARLY;INTERVAL=2;COUNT=4;BYMONTH=1,2,3",
        "19970310 19990110 19990210 19990310"
      ),
      ("19970519", "FREQ=YEARLY;BYDAY=20MO", "19970519 19980518 19990517"),
      ("19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "19970313 19970320 19970327 19980305"),
      (
        "19970902", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "19980213 19980313 19981113 19990813 20001013"
      ),
      (
        "19970913", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "19970913 19971011 19971108"
      ),
      (
        "19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "19961105 20001107 20041102"
      ),
      ("19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904 19971007 19971106"),
      (
        "19970929", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "19970929 19971030 19971127 19971230"
      ),
      (
        "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "19970805 19970810 19970819 19970824"
      ),
      (
        "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "19970805 19970817 19970819 19970831"
      ),
      (
        "20070115", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "20070115 20070130 20070215 20070315 20070330"
      )
    ])
  func examples(start: String, rule: String, days: String) throws {
    let expected = days.split(separator: " ").map(String.init)
    let start = LocalMoment(try day(start), hour: 9)
    let occurrences = try RecurrenceRule(text: rule)
      .occurrences(from: start, through: start.localDay + 366 * 8)
    #expect(occurrences.prefix(expected.count).map(\.localDay.basicText) == expected)
    #expect(occurrences.prefix(expected.count).allSatisfy { $0.second == 32_400 })
  }

  @Test(
    "passes over months without a 31st, and takes the last day where it is asked for",
    arguments: [
      ("FREQ=MONTHLY;COUNT=5", "20260131 20260331 20260531 20260731 20260831"),
      ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "20260131 20260331 20260531"),
      ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5", "20260131 20260228 20260331 20260430 20260531"),
      (
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=4",
        "20260131 20260228 20260331 20260430"
      )
    ])
  func monthEnds(rule: String, days: String) throws {
    let start = LocalMoment(try day("20260131"), hour: 9)
    let occurrences = try RecurrenceRule(text: rule)
      .occurrences(from: start, through: start.localDay + 800)
    #expect(occurrences.map(\.localDay.basicText).joined(separator: " ") == days)
  }

  @Test("gives a 29 February every four years, and none in 2100")
  func leapDays() throws {
    let start = LocalMoment(try day("20920229"), hour: 9)
    let years = try RecurrenceRule(text: "FREQ=YEARLY")
      .occurrences(from: start, through: start.localDay + 366 * 13).map(\.localDay.parts.year)
    #expect(years == [2092, 2096, 2104])
  }

  @Test(
    "ends with its horizon where a rule matches no day",
    arguments: [
      "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=-5MO,1TU",
      "FREQ=DAILY;BYMONTHDAY=-31;BYMONTH=1;BYDAY=MO;BYSETPOS=2",
      "FREQ=YEARLY;BYMONTHDAY=1;BYDAY=53MO"
    ])
  func noMatch(rule: String) throws {
    let start = LocalMoment(try day("20260101"), hour: 9)
    let end = start.localDay + 366 * 400
    #expect(
      try RecurrenceRule(text: rule).occurrences(from: start, through: end).first { _ in true }
        == nil)
  }

  @Test("never passes its horizon, and is as lazy as it is asked")
  func horizon() throws {
    let start = LocalMoment(try day("20260101"), hour: 9)
    let rule = try RecurrenceRule(text: "FREQ=DAILY")
    #expect(Array(rule.occurrences(from: start, through: start.localDay + 9)).count == 10)
    #expect(Array(rule.occurrences(from: start, through: start.localDay - 1)).isEmpty)
    let endless = rule.occurrences(from: start, through: LocalDay(number: .max))
    #expect(endless.prefix(3).map(\.day) == (0..<3).map { start.day + $0 })
  }

  @Test("agrees with python-dateutil on seeded random rules")
  func witness() throws {
    let cases = try RecurrenceGolden.cases()
    #expect(cases.count == 400)
    for golden in cases {
      let start = LocalMoment(try day(golden.start), hour: 9)
      guard let rule = try? RecurrenceRule(text: golden.rule) else {
        // Only a rule that matches no day may be refused.
        #expect(golden.days.isEmpty, "\(golden.rule)")
        continue
      }
      let days = rule.occurrences(from: start, through: start.localDay + 366 * 8).prefix(12)
      #expect(days.map(\.localDay.basicText) == golden.days, "\(golden.start) \(golden.rule)")
    }
  }

  @Test("has its rule's text read back as the same rule")
  func textRoundTrip() throws {
    for golden in try RecurrenceGolden.cases() {
      guard let rule = try? RecurrenceRule(text: golden.rule) else { continue }
      #expect(try RecurrenceRule(text: rule.text) == rule, "\(golden.rule)")
    }
  }
}

/// The rules that python-dateutil expanded.
struct RecurrenceGolden {
  let start: String
  let rule: String
  let days: [String]

  static func cases() throws -> [RecurrenceGolden] {
    let file = URL(filePath: #filePath).appending(path: "../../../../Fixtures/Recurrence/rules.txt")
    return try String(contentsOf: file.standardizedFileURL, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { line in
        let parts = line.split(separator: "|", omittingEmptySubsequences: false)
        return RecurrenceGolden(
          start: String(parts[0]), rule: String(parts[1]),
          days: parts[2].split(separator: " ").map(String.init))
      }
  }
}
