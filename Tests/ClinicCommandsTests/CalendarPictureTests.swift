@testable import ClinicCommands
import ClinicContracts
import ProtobufRuntime
import Testing

@Suite("Calendar pictures")
struct CalendarPictureTests {
  /// Sunday 25 October 2026, the day on which London's clocks go back.
  private static let day = 20_751

  private func zone() throws -> ClinicZone { try #require(ClinicZone("Europe/London")) }

  private func moments() throws -> MomentText {
    MomentText(zone: try zone(), now: try zone().instant(day: Self.day, minute: 600))
  }

  @Test(
    "read what people type, on the clinic's clock",
    arguments: [
      ("14:30", "Sun 2026-10-25 14:30"), ("tomorrow 9:05", "Mon 2026-10-26 09:05"),
      ("fri 14:30", "Fri 2026-10-30 14:30"), ("sunday 24:00", "Mon 2026-10-26 00:00"),
      ("2026-03-29 01:30", "Sun 2026-03-29 02:30"), ("2026-10-25 01:30", "Sun 2026-10-25 01:30"),
      ("2026-12-01T14:30", "Tue 2026-12-01 14:30"),
      ("2026-07-01T12:00:00Z", "Wed 2026-07-01 13:00"),
      ("2026-07-01T12:00:00+02:00", "Wed 2026-07-01 11:00"), ("+3 08:00", "Wed 2026-10-28 08:00")
    ])
  func typing(_ typed: String, _ meant: String) throws {
    let moments = try moments()
    #expect(moments.text(try moments.instant(typed)) == meant)
  }

  @Test(
    "refuse what is no time", arguments: ["", "noon", "25:00", "someday 10:00", "2026-02-30 10:00"])
  func refusals(_ typed: String) throws {
    let moments = try moments()
    #expect(throws: CommandFailure.self) { try moments.instant(typed) }
  }

  @Test(
    "read the time of an option: a day, a time, or a while from now",
    arguments: [
      ("tomorrow", "Mon 2026-10-26 00:00", "Mon 2026-10-26 23:59"),
      ("2026-07-01", "Wed 2026-07-01 00:00", "Wed 2026-07-01 23:59"),
      ("+3", "Wed 2026-10-28 00:00", "Wed 2026-10-28 23:59"),
      // The day on which the clocks go back has 25 hours.
      ("today", "Sun 2026-10-25 00:00", "Sun 2026-10-25 23:59"),
      ("fri 14:30", "Fri 2026-10-30 14:30", "Fri 2026-10-30 14:30"),
      ("2026-07-01T12:00:00Z", "Wed 2026-07-01 13:00", "Wed 2026-07-01 13:00"),
      ("+30m", "Sun 2026-10-25 10:30", "Sun 2026-10-25 10:30"),
      ("+4h", "Sun 2026-10-25 14:00", "Sun 2026-10-25 14:00"),
      ("+3d", "Wed 2026-10-28 10:00", "Wed 2026-10-28 10:00"),
      ("+2w", "Sun 2026-11-08 10:00", "Sun 2026-11-08 10:00")
    ])
  func options(_ typed: String, _ first: String, _ last: String) throws {
    let moments = try moments()
    #expect(moments.text(try moments.moment(typed)) == first)
    #expect(moments.text(try moments.moment(typed, dayEnds: true)) == last)
  }

  @Test("refuse options that are no time", arguments: ["", "+", "+0m", "+9y", "soon", "31 June"])
  func optionRefusals(_ typed: String) throws {
    let moments = try moments()
    #expect(throws: CommandFailure.self) { try moments.moment(typed) }
  }

  @Test("take the first of the two half past ones of 25 October")
  func secondTime() throws {
    let first = try zone().instant(day: Self.day, minute: 90)
    #expect(first == Int64(Self.day) * 86_400 + 1_800)
    #expect(try zone().local(first + 3_600).minute == 90)
  }

  @Test("show hours as they are typed")
  func hours() throws {
    let typed = ["mon-fri 09:00-12:30", "sat 09:00-12:00 from 2026-12-01 until 2026-12-31"]
    let json = JSONValue.array(try typed.flatMap { try #require(WeeklyHoursText.json($0)) })
    #expect(WeeklyHoursText.lines(json) == typed)
    for wrong in ["", "mon 9", "mon 09:00-12:00 from", "mon 09:00-12:00 since 2026-01-01"] {
      #expect(WeeklyHoursText.json(wrong) == nil)
    }
  }

  private func calendar(_ view: CalendarView) throws -> GetCalendarResponse {
    let zone = try zone()
    func time(_ day: Int, _ minute: Int) -> Timestamp {
      Timestamp(seconds: zone.instant(day: day, minute: minute), nanos: 0)
    }
    let days = view == .day ? Self.day...Self.day : Self.day - 6...Self.day
    return GetCalendarResponse(
      calendars: [
        ResourceCalendar(
          name: "Dr Okafor",
          days: days.map { day in
            CalendarDay(
              date: Date(day: day),
              available: [TimeSpan(startTime: time(day, 540), endTime: time(day, 660))],
              appointments: day < Self.day
                ? []
                : [
                  Appointment(
                    patientName: "陳芳 \u{1B}[31m", startTime: time(day, 555),
                    endTime: time(day, 600),
                    status: .checkedIn),
                  Appointment(
                    patientName: "Ada", startTime: time(day, 630), endTime: time(day, 660),
                    status: .cancelled)
                ], appointmentCount: day < Self.day ? 0 : 1, availableMinutes: 120,
              bookedMinutes: day < Self.day ? 0 : 45)
          })
      ], timeZone: "Europe/London", firstDate: Date(day: days.lowerBound),
      lastDate: Date(day: days.upperBound))
  }

  private func picture(_ width: Int = 40, colored: Bool = false) throws -> CalendarPicture {
    CalendarPicture(
      zone: try zone(), now: try zone().instant(day: Self.day, minute: 600), width: width,
      isColored: colored)
  }

  @Test("draw a day at local times, whatever stands in a name")
  func day() throws {
    #expect(
      try picture().day(calendar(.day)) == """
        Sunday 25 October 2026  Europe/London

              │ Dr Okafor
        09:00 │◑ 09:15 陳芳 \u{FFFD}[31m
              │┃
        10:00 │
              │× Ada

        ◑ checked in   × cancelled

        """)
  }

  @Test("show who came the day before from midnight on")
  func overnight() throws {
    var calendar = try calendar(.day)
    let midnight = try zone().instant(day: Self.day, minute: 0)
    calendar.calendars[0].days[0].appointments = [
      Appointment(
        patientName: "Ada", startTime: Timestamp(seconds: midnight - 900, nanos: 0),
        endTime: Timestamp(seconds: midnight + 900, nanos: 0), status: .inConsultation)
    ]
    let lines = try picture().day(calendar).split(separator: "\n").map(String.init)
    #expect(lines[2] == "00:00 │▶ Ada")
  }

  @Test("draw a week and a month as wide as the terminal", arguments: [72, 80, 132])
  func width(_ width: Int) throws {
    let picture = try picture(width)
    for text in [picture.week(try calendar(.week)), picture.month(try calendar(.week))] {
      for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= width) }
    }
    #expect(picture.month(try calendar(.week)).contains("25 ▄ 1"))
    #expect(picture.week(try calendar(.week)).contains("Sun 25"))
  }
}
