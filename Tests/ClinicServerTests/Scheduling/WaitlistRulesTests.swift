import ClinicContracts
import Testing

@testable import ClinicServer

@Suite("Whom a time suits")
struct WaitlistRulesTests {
  /// Monday 30 March 2026, the first working day of summer time, at 09:00 in London: 08:00Z.
  private static let monday: Int64 = 1_774_857_600

  private func suits(
    minutes: Int64 = 30, at start: Int64 = Self.monday, now: Int64 = Self.monday - 86_400,
    _ entry: WaitlistEntry
  ) throws -> Bool {
    let clock = try #require(LocalTimeResolver(timeZone: "Europe/London"))
    return WaitlistRules.suits(entry, Span(start, start + minutes * 60), now: now, clock: clock)
  }

  private func date(_ day: Int32, month: Int32 = 3) -> Date {
    Date(year: 2026, month: month, day: day)
  }

  @Test("depends on the dates, both with their day")
  func dates() throws {
    #expect(try suits(WaitlistEntry(earliestDate: date(30), latestDate: date(30))))
    #expect(try !suits(WaitlistEntry(earliestDate: date(31))))
    #expect(try !suits(WaitlistEntry(latestDate: date(29))))
    // 23:30Z on 29 March is half past midnight on the 30th.
    let night = Self.monday - 8 * 3_600 - 1_800
    #expect(try suits(at: night, WaitlistEntry(earliestDate: date(30))))
  }

  @Test("depends on the shortest notice, to the second")
  func notice() throws {
    let entry = WaitlistEntry(noticeMinutes: 60)
    #expect(try suits(now: Self.monday - 3_600, entry))
    #expect(try !suits(now: Self.monday - 3_599, entry))
  }

  @Test("depends on the times of the week, in which the whole appointment lies")
  func windows() throws {
    func entry(_ day: DayOfWeek, _ from: Int32, _ until: Int32) -> WaitlistEntry {
      WaitlistEntry(windows: [
        WaitlistWindow(
          dayOfWeek: day, starts: LocalTime(minuteOfDay: from), ends: LocalTime(minuteOfDay: until))
      ])
    }
    #expect(try suits(entry(.monday, 540, 570)))
    #expect(try suits(entry(.unspecified, 540, 570)))
    #expect(try !suits(entry(.tuesday, 540, 570)))
    #expect(try !suits(entry(.monday, 541, 600)))
    #expect(try !suits(entry(.monday, 500, 569)))
    let two = WaitlistEntry(
      windows: entry(.monday, 0, 60).windows + entry(.monday, 540, 600).windows)
    #expect(try suits(two))
    // 23:30 to midnight ends with the day, and an hour from then on does not.
    let late = Self.monday + 14 * 3_600 + 1_800
    #expect(try suits(at: late, entry(.monday, 0, 1_440)))
    #expect(try !suits(minutes: 60, at: late, entry(.monday, 0, 1_440)))
  }
}
