internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl api-key revoke ID`
struct ApiKeyRevokeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Ends a key and its tokens, at once.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The key's id.")
  var id: String

  @Option(name: .long, help: "Why, for the clinic's log.")
  var reason: String?

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Revoke the key \(id)? What calls with it will be refused.", isAssumed: confirmation.yes)
    }
    let message = RevokeApiKeyRequest(
      apiKeyID: id, reason: reason ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.serviceAccounts.revokeApiKey(
        message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "apiKey", columns: ApiKeyCommand.record)
      try request.noteCheck(context)
    }
  }
}
