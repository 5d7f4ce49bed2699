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
    help: ArgumentHelp("Only a kind of record, as patient. Repeatable.", valueName: "kind"))
  var type: [String] = []

  @Option(name: .long, help: ArgumentHelp("Only one record.", valueName: "id"))
  var record: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Only those of an account, of staff or a program.", valueName: "id"))
  var account: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Only those of a method, as UpdatePatient.", valueName: "name"))
  var method: String?

  @Option(name: .long, help: ArgumentHelp("Only an action, as created.", valueName: "action"))
  var action: String?

  @Option(name: .long, help: ArgumentHelp("From a day or a time on.", valueName: "time"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("Before a day or a time.", valueName: "time"))
  var until: String?

  @Flag(name: .long, help: "The oldest first.")
  var oldestFirst = false

  func run(_ context: CommandContext) async throws {
    let path = try method.map { try ContractCatalogue.shared.method($0).path } ?? ""
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let filter = ChangeFilter(
        recordTypes: type, recordID: record ?? "", accountID: account ?? "", method: path,
        action: action ?? "", fromTime: try schedule.moment(from),
        untilTime: try schedule.moment(until))
      let columns = ChangeColumns.list(schedule.moments)
      try await context.printPages(
        page, "changes", columns: columns, csv: CSVColumns(of: ChangeEntry.self)
      ) { token in
        let request = ListChangesRequest(
          pageSize: page.size, pageToken: token, filter: filter,
          order: oldestFirst ? .oldestFirst : .newestFirst)
        return try await client.changes.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
