internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl changes list`
struct ChangesListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the changes, the newest first.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Only a kind of thing, as patient. Repeatable.", valueName: "kind"))
  var type: [String] = []

  @Option(name: .long, help: ArgumentHelp("Only one thing.", valueName: "id"))
  var resource: String?

  @Option(
    name: .long, help: ArgumentHelp("Only those of a member of staff.", valueName: "id"))
  var staff: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Only those of a method, as UpdatePatient.", valueName: "name"))
  var method: String?

  @Option(name: .long, help: ArgumentHelp("Only an action, as created.", valueName: "action"))
  var action: String?

  @Option(name: .long, help: ArgumentHelp("From a day or a time on.", valueName: "time"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("Before a day or a time.", valueName: "time"))
  var to: String?

  @Flag(name: .long, help: "The oldest first.")
  var oldestFirst = false

  func run(_ context: CommandContext) async throws {
    let path = try method.map { try ContractCatalogue.shared.method($0).path } ?? ""
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let filter = ChangeFilter(
        resourceTypes: type, resourceID: resource ?? "", staffID: staff ?? "", method: path,
        action: action ?? "", fromTime: try schedule.moment(from), toTime: try schedule.moment(to))
      let columns = ChangeColumns.list(schedule.moments)
      try await context.printPages(page, "changes", columns: columns) { token in
        let request = ListChangesRequest(
          pageSize: page.size, pageToken: token, filter: filter,
          order: oldestFirst ? .oldestFirst : .newestFirst)
        return try await client.changes.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
