internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl staff list`
struct StaffListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the accounts in the order of their e-mail addresses.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: ArgumentHelp("Only active or deactivated ones.", valueName: "state"))
  var state: StaffStateOption?

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "staff", columns: StaffColumns.list, csv: CSVColumns(of: Staff.self)
      ) { token in
        let request = ListStaffRequest(
          pageSize: page.size, pageToken: token, state: state?.state ?? .unspecified)
        return try await client.staff.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
