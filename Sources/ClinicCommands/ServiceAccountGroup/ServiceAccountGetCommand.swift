internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl service-account get ACCOUNT`
struct ServiceAccountGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows an account.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var reference: ServiceAccountReference

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.serviceAccounts.get(
        GetServiceAccountRequest(serviceAccountID: try await reference.id(client, context)),
        options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "serviceAccount", columns: ServiceAccountColumns.record)
    }
  }
}
