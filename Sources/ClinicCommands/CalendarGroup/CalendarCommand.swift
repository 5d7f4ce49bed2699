internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl calendar …`
struct CalendarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calendar", abstract: "Shows the calendar of practitioners, rooms and equipment.",
    subcommands: [
      CalendarViewCommand<CalendarDayView>.self, CalendarViewCommand<CalendarWeekView>.self,
      CalendarViewCommand<CalendarMonthView>.self, CalendarFeedCommand.self
    ])
}

/// How much of a calendar a command shows, and how.
protocol CalendarViewKind: Sendable {
  static var name: String { get }
  static var abstract: String { get }
  static var view: CalendarView { get }
  static func draw(_ calendar: GetCalendarResponse, with picture: CalendarPicture) -> String
}

enum CalendarDayView: CalendarViewKind {
  static let name = "day"
  static let abstract = "Shows a day, beside each other."
  static let view = CalendarView.day

  static func draw(_ calendar: GetCalendarResponse, with picture: CalendarPicture) -> String {
    picture.day(calendar)
  }
}

enum CalendarWeekView: CalendarViewKind {
  static let name = "week"
  static let abstract = "Shows a week, one below the other."
  static let view = CalendarView.week

  static func draw(_ calendar: GetCalendarResponse, with picture: CalendarPicture) -> String {
    picture.week(calendar)
  }
}

enum CalendarMonthView: CalendarViewKind {
  static let name = "month"
  static let abstract = "Shows how full the days of a month are."
  static let view = CalendarView.month

  static func draw(_ calendar: GetCalendarResponse, with picture: CalendarPicture) -> String {
    picture.month(calendar)
  }
}

/// `clinicctl calendar day|week|month [DATE]`
struct CalendarViewCommand<Kind: CalendarViewKind>: ToolCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Kind.name, abstract: Kind.abstract)
  }

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "A date in it, as 2026-12-01, today, tomorrow, friday, or +3. Default: today.")
  var date: String?

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp(
      "Whose, by name or id. Repeat it for several. Default: every practitioner.",
      valueName: "resource"))
  var resources: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Minutes of a line, 5 to 60. Default: 15 for a day, else 30.", valueName: "minutes"))
  var step: Int?

  func validate() throws {
    if let step, !(5...60).contains(step) || 60 % step != 0 {
      throw ValidationError("--step takes 5, 6, 10, 12, 15, 20, 30 or 60")
    }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let request = GetCalendarRequest(
        view: Kind.view, date: try date.map { try schedule.date($0) },
        resourceIds: try await schedule.resourceIDs(resources))
      let reply = try await client.appointments.getCalendar(request, options: context.callOptions)
      guard context.printer.format == .table else {
        return try context.printer.print(reply.jsonValue())
      }
      let picture = CalendarPicture(
        zone: schedule.moments.zone, now: schedule.moments.now,
        width: context.printer.output.columns ?? 120, isColored: context.printer.isColored,
        step: step ?? (Kind.view == .day ? 15 : 30))
      try context.printer.output.write(Kind.draw(reply, with: picture))
    }
  }
}
