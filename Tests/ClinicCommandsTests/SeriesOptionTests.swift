import ArgumentParser
import ClinicContracts
import Testing

@testable import ClinicCommands

@Suite("Options of series and the waitlist")
struct SeriesOptionTests {
  @Test(
    "become recurrence rules",
    arguments: [
      (["--repeat", "weekly"], "FREQ=WEEKLY"),
      (["--repeat", "weekly", "--every", "2", "--times", "10"], "FREQ=WEEKLY;INTERVAL=2;COUNT=10"),
      (["--repeat", "daily", "--until", "2027-03-05"], "FREQ=DAILY;UNTIL=20270305"),
      (["--repeat", "monthly", "--last-of-month"], "FREQ=MONTHLY;BYMONTHDAY=-1"),
      (["--rule", "FREQ=MONTHLY;BYDAY=2TU"], "FREQ=MONTHLY;BYDAY=2TU"), ([], nil)
    ] as [([String], String?)])
  func rules(arguments: [String], rule: String?) throws {
    let zone = try #require(ClinicZone("Europe/London"))
    let options = try RepeatOptions.parse(arguments)
    #expect(try options.text(MomentText(zone: zone, now: 1_790_000_000)) == rule)
  }

  @Test(
    "that contradict each other are refused",
    arguments: [
      ["--every", "2"], ["--repeat", "daily", "--rule", "FREQ=DAILY"],
      ["--repeat", "daily", "--times", "3", "--until", "+10"],
      ["--repeat", "weekly", "--last-of-month"], ["--repeat", "hourly"]
    ])
  func contradictions(arguments: [String]) {
    #expect(throws: (any Error).self) { try RepeatOptions.parse(arguments) }
  }

  @Test("become windows of the week, and show as they were typed")
  func windows() throws {
    let mornings = try #require(WaitlistWindowText.windows("mon-fri 09:00-12:30"))
    #expect(mornings.map(\.dayOfWeek) == [.monday, .tuesday, .wednesday, .thursday, .friday])
    #expect(mornings[0].starts == LocalTime(hours: 9))
    #expect(mornings[0].ends == LocalTime(hours: 12, minutes: 30))
    let saturday = try #require(WaitlistWindowText.windows("sat"))
    #expect(saturday == [WaitlistWindow(dayOfWeek: .saturday)])
    let afternoon = try #require(WaitlistWindowText.windows("14:00-24:00"))
    #expect(afternoon.map(\.dayOfWeek) == [.unspecified])
    #expect(afternoon[0].ends == LocalTime(hours: 24))
    for text in ["tue 09:00-12:30", "sat", "14:00-24:00"] {
      let window = try #require(WaitlistWindowText.windows(text)?.first)
      #expect(WaitlistWindowText.text(try window.jsonValue()) == text)
    }
  }

  @Test(
    "that are no windows are refused",
    arguments: ["", "funday", "fri-mon", "mon 12:00-09:00", "mon 9", "mon 09:00-10:00 11:00-12:00"])
  func noWindows(text: String) {
    #expect(WaitlistWindowText.windows(text) == nil)
  }
}
