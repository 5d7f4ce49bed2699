import Testing

@testable import ClinicServer

@Suite("Series on the clinic's clock")
struct RecurrenceLocalTimeTests {
  private func instants(
    _ start: String, hour: Int, minute: Int = 0, rule: String, zone: String = "Europe/London"
  ) throws -> [Int64] {
    let resolver = try #require(LocalTimeResolver(timeZone: zone))
    let start = LocalMoment(try day(start), hour: hour, minute: minute)
    return try RecurrenceRule(text: rule).occurrences(from: start, through: start.localDay + 800)
      .map { resolver.instant(of: $0) }
  }

  @Test("a weekly 09:00 in London stays at 09:00 across both changes of 2026")
  func weeklyNine() throws {
    let resolver = try #require(LocalTimeResolver(timeZone: "Europe/London"))
    let instants = try instants("20260302", hour: 9, rule: "FREQ=WEEKLY;COUNT=40")
    #expect(instants.allSatisfy { resolver.local(at: $0).second == 9 * 3_600 })
    // A week is an hour shorter over 29 March and an hour longer over 25 October.
    let weeks = zip(instants, instants.dropFirst()).map { $1 - $0 }
    #expect(weeks.filter { $0 == 7 * 86_400 - 3_600 }.count == 1)
    #expect(weeks.filter { $0 == 7 * 86_400 + 3_600 }.count == 1)
    #expect(weeks[3] == 7 * 86_400 - 3_600)
    #expect(weeks[33] == 7 * 86_400 + 3_600)
  }

  @Test("a time that the clock skips is put off by what is skipped")
  func skipped() throws {
    // 29 March 2026, 01:30: 02:30 British Summer Time is 01:30Z.
    let instants = try instants("20260322", hour: 1, minute: 30, rule: "FREQ=WEEKLY;COUNT=3")
    #expect(instants == [1_774_143_000, 1_774_747_800, 1_775_349_000])
  }

  @Test("a time that the clock shows twice is the first of the two")
  func repeated() throws {
    // 25 October 2026, 01:30 British Summer Time is 00:30Z.
    let instants = try instants("20261018", hour: 1, minute: 30, rule: "FREQ=WEEKLY;COUNT=3")
    #expect(instants == [1_792_283_400, 1_792_888_200, 1_793_496_600])
  }

  @Test(
    "a daily time is one a day in every zone, also where a clock changes by half an hour or at midnight",
    arguments: [
      "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "America/New_York", "UTC"
    ])
  func daily(zone: String) throws {
    let resolver = try #require(LocalTimeResolver(timeZone: zone))
    let instants = try instants("20260101", hour: 0, rule: "FREQ=DAILY;COUNT=400", zone: zone)
    #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Set(instants.map { resolver.local(at: $0).day }).count == 400)
  }
}
