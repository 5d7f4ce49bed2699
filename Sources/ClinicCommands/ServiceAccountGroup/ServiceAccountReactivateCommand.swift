internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl service-account reactivate ACCOUNT`
struct ServiceAccountReactivateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "reactivate", abstract: "Opens a closed account again; it needs new keys.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var reference: ServiceAccountReference
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let message = ReactivateServiceAccountRequest(
        serviceAccountID: try await reference.id(client, context), etag: version.etag ?? "",
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.serviceAccounts.reactivate(
        message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "serviceAccount", columns: ServiceAccountColumns.record)
      try request.noteCheck(context)
    }
  }
}
