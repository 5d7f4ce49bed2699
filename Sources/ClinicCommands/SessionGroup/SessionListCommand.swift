internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl session list`
struct SessionListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists one's own open sessions, or those of an account.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .customLong("staff"), help: ArgumentHelp("The account's id.", valueName: "id"))
  var staffID: String?

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "sessions", columns: Self.columns, csv: CSVColumns(of: Session.self)
      ) { token in
        guard let staffID else {
          let request = ListSessionsRequest(pageSize: page.size, pageToken: token)
          return try await client.auth.listSessions(request, options: context.callOptions)
            .jsonValue()
        }
        let request = ListStaffSessionsRequest(
          staffID: staffID, pageSize: page.size, pageToken: token)
        return try await client.auth.listStaffSessions(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }

  private static let columns = [
    TableColumn("Id", "sessionId", isFlexible: false),
    TableColumn("") { $0["current"] == .bool(true) ? "this" : "" },
    TableColumn("Client", "clientName"), TableColumn("Address", "address"),
    TableColumn("Begun", "createTime"), TableColumn("Used", "refreshTime"),
    TableColumn("Ends", "expireTime")
  ]
}
