internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl service-account deactivate ACCOUNT`
struct ServiceAccountDeactivateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "deactivate", abstract: "Closes an account and revokes all of its keys.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var reference: ServiceAccountReference
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Close the account '\(reference.account)' and revoke its keys?",
        isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let message = DeactivateServiceAccountRequest(
        serviceAccountID: try await reference.id(client, context), etag: version.etag ?? "",
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.serviceAccounts.deactivate(
        message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "serviceAccount", columns: ServiceAccountColumns.record)
      try request.noteCheck(context)
    }
  }
}
