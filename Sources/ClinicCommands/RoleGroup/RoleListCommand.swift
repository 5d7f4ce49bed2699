internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl role list`
struct RoleListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the roles in the order of their names.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "roles", columns: RoleColumns.list, csv: CSVColumns(of: Role.self)
      ) { token in
        let request = ListRolesRequest(pageSize: page.size, pageToken: token)
        return try await client.roles.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
