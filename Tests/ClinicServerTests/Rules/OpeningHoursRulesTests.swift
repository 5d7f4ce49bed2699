import Testing

@testable import ClinicServer

@Suite("Opening hours")
struct OpeningHoursRulesTests {
  private func check(_ intervals: [OpeningInterval]) -> [String] {
    OpeningHoursRules.violations(in: intervals).map { "\($0.index) \($0.violation.rawValue)" }
  }

  @Test("may have breaks, touch, end at midnight and differ by day")
  func takes() {
    #expect(
      check([
        .init(day: 1, opens: 540, closes: 720), .init(day: 1, opens: 780, closes: 1020),
        .init(day: 1, opens: 720, closes: 780), .init(day: 2, opens: 540, closes: 1020),
        .init(day: 7, opens: 0, closes: 1440)
      ]).isEmpty)
    #expect(check([]).isEmpty)
  }

  @Test(
    "must be times of a day, in order, and not overlap",
    arguments: [
      ([OpeningInterval(day: 0, opens: 0, closes: 60)], ["0 UNKNOWN_DAY"]),
      ([OpeningInterval(day: 8, opens: 0, closes: 60)], ["0 UNKNOWN_DAY"]),
      ([OpeningInterval(day: 1, opens: -1, closes: 60)], ["0 TIME_OUT_OF_RANGE"]),
      ([OpeningInterval(day: 1, opens: 0, closes: 1441)], ["0 TIME_OUT_OF_RANGE"]),
      ([OpeningInterval(day: 1, opens: 60, closes: 60)], ["0 CLOSES_BEFORE_IT_OPENS"]),
      ([OpeningInterval(day: 1, opens: 1440, closes: 60)], ["0 CLOSES_BEFORE_IT_OPENS"]),
      (
        [
          OpeningInterval(day: 1, opens: 540, closes: 720),
          OpeningInterval(day: 1, opens: 719, closes: 800),
          OpeningInterval(day: 1, opens: 600, closes: 610),
          OpeningInterval(day: 1, opens: 540, closes: 720)
        ], ["1 OVERLAPS", "2 OVERLAPS", "3 OVERLAPS"]
      )
    ])
  func refuses(intervals: [OpeningInterval], expected: [String]) {
    #expect(check(intervals) == expected)
  }

  @Test(
    "read a wall clock",
    arguments: [
      (0, 0, 0), (9, 30, 570), (23, 59, 1439), (24, 0, 1440), (24, 1, nil), (25, 0, nil),
      (-1, 0, nil), (9, 60, nil), (9, -1, nil)
    ] as [(Int, Int, Int?)])
  func clock(hours: Int, minutes: Int, minute: Int?) {
    #expect(OpeningInterval.minute(hours: hours, minutes: minutes) == minute)
  }
}
