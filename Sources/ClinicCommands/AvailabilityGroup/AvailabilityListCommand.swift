internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl availability list`
struct AvailabilityListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists leave, closures and extra hours.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp("Only of this resource, and closures.", valueName: "resource"))
  var resource: String?

  @Option(name: .long, help: ArgumentHelp("What ends on this day or later.", valueName: "day"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("What starts on this day or earlier.", valueName: "day"))
  var until: String?

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var chosen = AvailabilityExceptionFilter(
        fromDate: try from.map { try schedule.date($0) },
        untilDate: try until.map { try schedule.date($0) })
      if let resource { chosen.resourceID = try await schedule.resourceIDs([resource])[0] }
      let filter = chosen
      let columns = AvailabilityColumns.list(try await schedule.resourceNames())
      try await context.printPages(
        page, "exceptions", columns: columns, csv: CSVColumns(of: AvailabilityException.self)
      ) { token in
        let request = ListAvailabilityExceptionsRequest(
          pageSize: page.size, pageToken: token, filter: filter)
        return try await client.availability.listExceptions(
          request, options: context.callOptions
        ).jsonValue()
      }
    }
  }
}

/// How leave, closures and extra hours are shown.
enum AvailabilityColumns {
  /// The columns of a list, with the names of the resources.
  static func list(_ names: [String: String]) -> [TableColumn] {
    [
      TableColumn("Id", "availabilityExceptionId", isFlexible: false), TableColumn("Kind", "kind"),
      TableColumn("Of") { element in
        element["resourceId"]?.text.map { names[$0] ?? $0 } ?? "everybody"
      },
      TableColumn("From") { moment($0["starts"]) }, TableColumn("Until") { moment($0["ends"]) },
      TableColumn("Reason", "reason")
    ]
  }

  private static func moment(_ value: JSONValue?) -> String {
    func number(_ name: String) -> Int { Int(value?["time"]?[name]?.scalarText ?? "") ?? 0 }
    return DisplayText.of(value?["date"] ?? .null) + " "
      + MomentText.clock(number("hours") * 60 + number("minutes"))
  }
}
