internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl availability show RESOURCE`
struct AvailabilityShowCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows when a resource is available, booked or not.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The resource's id or name.")
  var resource: String

  @Option(name: .long, help: ArgumentHelp("The first day. Default: today.", valueName: "day"))
  var from = "today"

  @Option(
    name: .long, help: ArgumentHelp("The last day. Default: six days later.", valueName: "day"))
  var until: String?

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let first = try schedule.moments.day(from)
      let last = try until.map { try schedule.moments.day($0) } ?? (first + 6)
      let request = GetAvailabilityRequest(
        resourceID: try await schedule.resourceIDs([resource])[0], fromDate: Date(day: first),
        untilDate: Date(day: last))
      let reply = try await client.availability.get(request, options: context.callOptions)
      let moments = schedule.moments
      try context.printer.printList(
        reply.jsonValue(), "available",
        columns: [
          TableColumn("From") { moments.text(ofTimestamp: $0["startTime"]) },
          TableColumn("Until") { moments.text(ofTimestamp: $0["endTime"]) }
        ], csv: CSVColumns(of: TimeSpan.self))
    }
  }
}
