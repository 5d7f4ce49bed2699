import ClinicServer
import Testing

@Suite("Local times")
struct LocalTimeResolverTests {
  /// A local time and the instant that it is, as `yyyy-mm-dd hh:mm` and seconds since 1970.
  struct Case: Sendable, CustomTestStringConvertible {
    let zone: String
    let local: (year: Int, month: Int, day: Int, hour: Int, minute: Int)
    let utc: (year: Int, month: Int, day: Int, hour: Int, minute: Int)
    let shown: (hour: Int, minute: Int)

    init(
      _ zone: String, _ local: (Int, Int, Int, Int, Int), _ utc: (Int, Int, Int, Int, Int),
      shows shown: (Int, Int)? = nil
    ) {
      self.zone = zone
      self.local = local
      self.utc = utc
      self.shown = shown ?? (local.3, local.4)
    }

    var testDescription: String { "\(zone) \(local)" }
  }

  static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    PartialDate(year: year, month: month, day: day)?.earliestDay ?? 0
  }

  private static let cases: [Case] = [
    // London puts its clocks forward on 29 March 2026 at 01:00 and back on 25 October at 02:00.
    Case("Europe/London", (2026, 3, 28, 9, 0), (2026, 3, 28, 9, 0)),
    Case("Europe/London", (2026, 3, 29, 0, 59), (2026, 3, 29, 0, 59)),
    Case("Europe/London", (2026, 3, 29, 1, 0), (2026, 3, 29, 1, 0), shows: (2, 0)),
    Case("Europe/London", (2026, 3, 29, 1, 30), (2026, 3, 29, 1, 30), shows: (2, 30)),
    Case("Europe/London", (2026, 3, 29, 2, 0), (2026, 3, 29, 1, 0)),
    Case("Europe/London", (2026, 3, 30, 9, 0), (2026, 3, 30, 8, 0)),
    Case("Europe/London", (2026, 10, 24, 9, 0), (2026, 10, 24, 8, 0)),
    Case("Europe/London", (2026, 10, 25, 0, 59), (2026, 10, 24, 23, 59)),
    Case("Europe/London", (2026, 10, 25, 1, 30), (2026, 10, 25, 0, 30)),
    Case("Europe/London", (2026, 10, 25, 2, 0), (2026, 10, 25, 2, 0)),
    Case("Europe/London", (2026, 10, 26, 9, 0), (2026, 10, 26, 9, 0)),
    // Lord Howe Island moves by half an hour: forward on 4 October 2026, back on 5 April.
    Case("Australia/Lord_Howe", (2026, 10, 4, 1, 59), (2026, 10, 3, 15, 29)),
    Case("Australia/Lord_Howe", (2026, 10, 4, 2, 15), (2026, 10, 3, 15, 45), shows: (2, 45)),
    Case("Australia/Lord_Howe", (2026, 10, 4, 2, 30), (2026, 10, 3, 15, 30)),
    Case("Australia/Lord_Howe", (2026, 4, 5, 1, 45), (2026, 4, 4, 14, 45)),
    Case("Australia/Lord_Howe", (2026, 4, 5, 2, 0), (2026, 4, 4, 15, 30)),
    // New York, and zones that never change, or are far from Greenwich.
    Case("America/New_York", (2026, 3, 8, 2, 30), (2026, 3, 8, 7, 30), shows: (3, 30)),
    Case("America/New_York", (2026, 11, 1, 1, 30), (2026, 11, 1, 5, 30)),
    Case("Asia/Kathmandu", (2026, 7, 1, 12, 0), (2026, 7, 1, 6, 15)),
    Case("Pacific/Kiritimati", (2026, 1, 1, 0, 0), (2025, 12, 31, 10, 0)),
    // Samoa left out 30 December 2011.
    Case("Pacific/Apia", (2011, 12, 30, 9, 0), (2011, 12, 30, 19, 0), shows: (9, 0))
  ]

  @Test(
    "become the instants that the zone's rules give, gaps forward and the first of two",
    arguments: cases)
  func instants(_ example: Case) throws {
    let resolver = try #require(LocalTimeResolver(timeZone: example.zone))
    let local = LocalMoment(
      day: Self.day(example.local.year, example.local.month, example.local.day),
      minute: example.local.hour * 60 + example.local.minute)
    let expected =
      Int64(Self.day(example.utc.year, example.utc.month, example.utc.day)) * 86_400
      + Int64(example.utc.hour * 60 + example.utc.minute) * 60
    #expect(resolver.instant(of: local) == expected)
    let shown = resolver.local(at: expected)
    #expect(shown.minute == example.shown.hour * 60 + example.shown.minute)
    let calendar = LocalCalendar(resolver, days: local.day - 3...local.day + 3)
    #expect(calendar.instant(day: local.day, minute: local.minute) == expected)
    #expect(calendar.local(at: expected) == shown)
  }

  @Test(
    "stay at nine on the wall clock through a year, on every day",
    arguments: [
      "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca"
    ])
  func nineOClock(_ zone: String) throws {
    let resolver = try #require(LocalTimeResolver(timeZone: zone))
    let first = Self.day(2026, 1, 1)
    let calendar = LocalCalendar(resolver, days: first...first + 364)
    for day in calendar.days {
      let instant = resolver.instant(of: LocalMoment(day: day, minute: 540))
      #expect(calendar.instant(day: day, minute: 540) == instant)
      #expect(resolver.local(at: instant) == LocalMoment(day: day, minute: 540))
    }
  }

  @Test("of a zone that nobody knows are nothing")
  func unknown() {
    #expect(LocalTimeResolver(timeZone: "Europe/Atlantis") == nil)
  }

  @Test("carry past midnight, and know their weekday")
  func moments() {
    #expect(LocalMoment(day: 5, minute: 1440) == LocalMoment(day: 6))
    #expect(LocalMoment(day: 5, second: -1) == LocalMoment(day: 4, second: 86_399))
    #expect(LocalMoment.dayOfWeek(of: Self.day(2026, 11, 23)) == 1)
    #expect(LocalMoment.dayOfWeek(of: -1) == 3)
  }
}
