@testable import ClinicCommands
import ClinicContracts
import ProtobufRuntime
import Testing

@Suite("The dashboard as text")
struct DashboardTextTests {
  /// 2026-07-01, 12:00 in London.
  private static let noon: Int64 = 1_782_903_600

  private static func text(width: Int = 100) -> DashboardText {
    DashboardText(
      clinic: "Marlowe Street Practice", width: width, isColored: false, now: noon,
      clock: WallClock(timeZone: "Europe/London"))
  }

  private static let day = Dashboard(
    timeZone: "Europe/London",
    summary: DashboardSummary(
      appointments: [
        AppointmentCount(status: .booked, count: 2), AppointmentCount(status: .checkedIn, count: 1)
      ],
      waitingCount: 1, longestWaitingSince: Timestamp(seconds: noon - 1_500),
      averageWaitSeconds: 540, longestWaitSeconds: 1_260, noShowCount: 1, utilisationPercent: 74,
      openFollowUpCount: 5, overdueFollowUpCount: 2),
    board: [
      appointment("Ada Late", .booked, start: -900),
      appointment("Bob Due", .booked, start: 1_800),
      Appointment(
        patientName: "Maria García", appointmentTypeName: "Check-up",
        startTime: Timestamp(seconds: noon),
        status: .checkedIn, resourceIds: ["d"], statusTime: Timestamp(seconds: noon - 60),
        arriveTime: Timestamp(seconds: noon - 1_500))
    ],
    resources: [
      DashboardResource(
        resourceID: "d", kind: .practitioner, name: "Dr Lee", bookedMinutes: 355,
        availableMinutes: 480, nextFreeTime: Timestamp(seconds: noon + 3_600),
        nextFreeUntilTime: Timestamp(seconds: noon + 5_400)),
      DashboardResource(resourceID: "r", kind: .room, name: "Room 1")
    ])

  private static func appointment(
    _ name: String, _ status: AppointmentStatus, start: Int64
  ) -> Appointment {
    Appointment(
      patientName: name, appointmentTypeName: "Check-up",
      startTime: Timestamp(seconds: noon + start),
      status: status, resourceIds: ["d"])
  }

  @Test("shows who waits how long, who is late, and who is free when", .tags(.golden))
  func picture() {
    #expect(
      Self.text().lines(Self.day).joined(separator: "\n") == """
        Marlowe Street Practice  Wednesday 2026-07-01  12:00:00

        Appointments  2 booked, 1 checked in
        Patients      1 waiting, the longest 25 min; seen after 9 min on average, 21 min at most
        Booked        74 % of the practitioners' hours, 1 did not come
        Follow-ups    5 open, 2 overdue

        Waiting (1)
          12:00  25 min  Maria García  Check-up  Dr Lee  checked in

        To come (2)
          11:45  15 min late  Ada Late  Check-up  Dr Lee  booked
          12:30               Bob Due   Check-up  Dr Lee  booked

        Who and where
          Dr Lee  practitioner  73 % booked  free 13:00 to 13:30
          Room 1  room                       not free today
        """)
  }

  @Test("fits any width", arguments: [20, 33, 60, 200])
  func width(columns: Int) {
    for line in Self.text(width: columns).lines(Self.day) {
      #expect(DisplayWidth.of(line) <= columns, "\(line)")
    }
  }

  @Test("does not let data steer the terminal")
  func control() {
    var day = Self.day
    day.board[0].patientName = "A\u{1B}[2Jda"
    let text = Self.text().lines(day).joined(separator: "\n")
    #expect(!text.contains("\u{1B}"))
  }
}
