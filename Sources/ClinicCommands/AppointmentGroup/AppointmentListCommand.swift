internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl appointment list`
struct AppointmentListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists appointments by their start.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(
    name: .customLong("on"), help: ArgumentHelp("Only of this day, as 'fri'.", valueName: "day"))
  var day: String?

  @Option(name: .long, help: ArgumentHelp("From this day on.", valueName: "day"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("Until this day, with it.", valueName: "day"))
  var until: String?

  @Option(name: .customLong("with"), help: ArgumentHelp("By name or id.", valueName: "resource"))
  var resource: String?

  @Option(name: .long, help: "Only of this patient: an id, or a search that finds only them.")
  var patient: String?

  @Option(name: .long, help: "Only of this kind, by name or id.")
  var type: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Only in this status, as 'checked-in'. Repeat it.", valueName: "status"))
  var status: [AppointmentStatusOption] = []

  @Flag(name: .customLong("latest-first"), help: "The latest start first.")
  var isDescending = false

  func validate() throws {
    guard day == nil || from == nil && until == nil else {
      throw ValidationError("--on excludes --from and --until")
    }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let filter = try await filter(schedule)
      let columns = try await AppointmentColumns(schedule).list
      try await context.printPages(
        page, "appointments", columns: columns, csv: CSVColumns(of: Appointment.self)
      ) { token in
        let request = ListAppointmentsRequest(
          pageSize: page.size, pageToken: token, filter: filter,
          order: isDescending ? .latestFirst : .earliestFirst)
        return try await client.appointments.list(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }

  private func filter(_ schedule: ClinicSchedule) async throws -> AppointmentFilter {
    func midnight(_ text: String, _ days: Int = 0) throws -> Timestamp {
      let day = try schedule.moments.day(text) + days
      return Timestamp(seconds: schedule.moments.zone.instant(day: day, minute: 0), nanos: 0)
    }
    var filter = AppointmentFilter(statuses: status.map(\.status))
    filter.fromTime = try (day ?? from).map { try midnight($0) }
    filter.untilTime = try (day ?? until).map { try midnight($0, 1) }
    if let resource { filter.resourceID = try await schedule.resourceIDs([resource])[0] }
    if let patient { filter.patientID = try await schedule.patientID(patient) }
    if let type { filter.appointmentTypeID = try await schedule.appointmentTypeID(type) }
    return filter
  }
}

/// The statuses of appointments on the command line.
struct AppointmentStatusOption: ExpressibleByArgument, Sendable {
  let status: AppointmentStatus

  private static let names = [
    "requested", "held", "booked", "confirmed", "arrived", "checked-in", "in-consultation",
    "completed", "cancelled", "no-show", "left-before-seen", "entered-in-error"
  ]

  init?(argument: String) {
    guard let index = Self.names.firstIndex(of: argument) else { return nil }
    status = AppointmentStatus(rawValue: Int32(index + 1))
  }

  static var allValueStrings: [String] { names }
}
