import ClinicServer
import Testing

@Suite("Availability")
struct AvailabilityRulesTests {
  private static let london = LocalTimeResolver(timeZone: "Europe/London")

  private func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    LocalTimeResolverTests.day(year, month, day)
  }

  private func weekly(
    _ weekday: Int, _ opens: Int, _ closes: Int, from: Int? = nil, until: Int? = nil
  ) -> WeeklyInterval {
    WeeklyInterval(
      OpeningInterval(day: weekday, opens: opens * 60, closes: closes * 60), validFrom: from,
      validUntil: until)
  }

  /// Spans as hours since the calendar began, on the clock of Greenwich.
  private func hours(_ spans: [Span], since day: Int) -> [String] {
    spans.map {
      "\(Double($0.start - Int64(day) * 86_400) / 3600)-\(Double($0.end - Int64(day) * 86_400) / 3600)"
    }
  }

  @Test("stays at local hours through the change of the clocks")
  func clockChange() throws {
    let resolver = try #require(Self.london)
    // Saturday to Monday around 29 March 2026.
    let first = day(2026, 3, 28)
    let calendar = LocalCalendar(resolver, days: first...first + 2)
    let rules = [weekly(6, 9, 12), weekly(7, 0, 4), weekly(1, 9, 12)]
    let spans = AvailabilityRules.spans(weekly: rules, deviations: [], in: calendar)
    // Sunday from midnight to four is three hours long.
    #expect(hours(spans, since: first) == ["9.0-12.0", "24.0-27.0", "56.0-59.0"])
    let autumn = day(2026, 10, 25)
    let long = AvailabilityRules.spans(
      weekly: rules, deviations: [], in: LocalCalendar(resolver, days: autumn...autumn))
    // And in autumn it is five.
    #expect(hours(long, since: autumn) == ["-1.0-4.0"])
  }

  @Test("begins after the gap where the clock skips its beginning, and vanishes where it skips all")
  func gap() throws {
    let resolver = try #require(Self.london)
    let sunday = day(2026, 3, 29)
    let calendar = LocalCalendar(resolver, days: sunday...sunday)
    func spans(_ opens: Int, _ closes: Int) -> [String] {
      let rule = WeeklyInterval(OpeningInterval(day: 7, opens: opens, closes: closes))
      return hours(
        AvailabilityRules.spans(weekly: [rule], deviations: [], in: calendar), since: sunday)
    }
    #expect(spans(60, 120) == [])
    #expect(spans(90, 180) == ["1.5-2.0"])
    #expect(spans(90, 240) == ["1.5-3.0"])
    #expect(spans(0, 90) == ["0.0-1.5"])
  }

  @Test("adds extra hours, and takes leave and closures from both")
  func deviations() throws {
    let resolver = try #require(Self.london)
    let monday = day(2026, 1, 5)
    let calendar = LocalCalendar(resolver, days: monday...monday + 1)
    func moment(_ day: Int, _ hour: Int) -> LocalMoment { LocalMoment(day: day, minute: hour * 60) }
    let spans = AvailabilityRules.spans(
      weekly: [weekly(1, 9, 17), weekly(2, 9, 17)],
      deviations: [
        AvailabilityDeviation(.extra, from: moment(monday, 17), to: moment(monday, 20)),
        AvailabilityDeviation(.away, from: moment(monday, 12), to: moment(monday, 13)),
        AvailabilityDeviation(.away, from: moment(monday, 19), to: moment(monday + 1, 10))
      ], in: calendar)
    #expect(hours(spans, since: monday) == ["9.0-12.0", "13.0-19.0", "34.0-41.0"])
  }

  @Test("keeps to the dates on which hours are valid, and to the calendar's days")
  func validity() throws {
    let resolver = try #require(Self.london)
    let monday = day(2026, 1, 5)
    let calendar = LocalCalendar(resolver, days: monday...monday + 21)
    let spans = AvailabilityRules.spans(
      weekly: [
        weekly(1, 9, 10, until: monday), weekly(1, 14, 15, from: monday + 7, until: monday + 14)
      ], deviations: [], in: calendar)
    #expect(hours(spans, since: monday) == ["9.0-10.0", "182.0-183.0", "350.0-351.0"])
    #expect(
      AvailabilityRules.spans(weekly: nil, deviations: [], in: calendar) == [calendar.bounds])
    #expect(AvailabilityRules.spans(weekly: [], deviations: [], in: calendar) == [])
  }

  @Test("refuses hours that contradict each other")
  func violations() {
    #expect(
      AvailabilityRules.violations(in: [
        weekly(1, 9, 12), weekly(1, 11, 13), weekly(1, 12, 13), weekly(2, 9, 9), weekly(8, 9, 10),
        weekly(1, 9, 12, from: 10, until: 9)
      ]).map { "\($0.index) \($0.violation.reason)" }.sorted() == [
        "1 OVERLAPS", "2 OVERLAPS", "3 CLOSES_BEFORE_IT_OPENS", "4 UNKNOWN_DAY",
        "5 ENDS_BEFORE_IT_BEGINS"
      ])
    #expect(
      AvailabilityRules.violations(in: [
        weekly(1, 9, 12, until: 20), weekly(1, 9, 12, from: 21)
      ]).isEmpty)
  }
}
