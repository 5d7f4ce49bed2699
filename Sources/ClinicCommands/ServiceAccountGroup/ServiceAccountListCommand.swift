internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl service-account list`
struct ServiceAccountListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the accounts in the order of their names.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Flag(name: .long, help: "With those that are closed.")
  var closed = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "serviceAccounts", columns: ServiceAccountColumns.list,
        csv: CSVColumns(of: ServiceAccount.self)
      ) { token in
        let request = ListServiceAccountsRequest(
          pageSize: page.size, pageToken: token, state: closed ? .unspecified : .active)
        return try await client.serviceAccounts.list(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }
}
