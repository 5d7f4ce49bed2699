internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl api-key rotate ID`
struct ApiKeyRotateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Makes a key in the place of another, and shows it once.",
    discussion: "The old key works on for a day, or for as long as is said.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The old key's id.")
  var id: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "For how many minutes the old key works on, 0 to 43200. Default: 1440.",
      valueName: "minutes"))
  var overlapMinutes: Int32?

  @OptionGroup var end: ApiKeyEndOptions
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      let end = overlapMinutes.map { $0 == 0 ? "at once" : "in \($0) minutes" } ?? "in a day"
      try context.confirm(
        "Replace the key \(id)? It ends \(end).", isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let message = RotateApiKeyRequest(
        apiKeyID: id, overlapMinutes: overlapMinutes,
        expireTime: try await end.time(client, context), requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await client.serviceAccounts.rotateApiKey(
        message, options: context.callOptions)
      try ApiKeyCommand.show(reply.key, reply.jsonValue(), request, context)
    }
  }
}
