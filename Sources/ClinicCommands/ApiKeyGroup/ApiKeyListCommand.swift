internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl api-key list ACCOUNT`
struct ApiKeyListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the keys of an account, the newest first.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var reference: ServiceAccountReference
  @OptionGroup var page: PageOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let id = try await reference.id(client, context)
      try await context.printPages(
        page, "apiKeys", columns: ApiKeyCommand.list, csv: CSVColumns(of: ApiKey.self)
      ) { token in
        let request = ListApiKeysRequest(
          serviceAccountID: id, pageSize: page.size, pageToken: token)
        return try await client.serviceAccounts.listApiKeys(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }
}
