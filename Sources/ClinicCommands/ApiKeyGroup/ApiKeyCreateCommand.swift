internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl api-key create ACCOUNT`
struct ApiKeyCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Makes a key, and shows it once.",
    discussion: "clinicctl api-key create Laboratory --name production > lab.key")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var reference: ServiceAccountReference

  @Option(name: .long, help: "What tells the key apart, as 'production'.")
  var name: String

  @OptionGroup var permissions: ServicePermissionOptions
  @OptionGroup var end: ApiKeyEndOptions
  @OptionGroup(title: "Limits") var limits: ApiKeyLimitsOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    var draft = MessageDraft(schema: MessageSchema(ApiKey.descriptor))
    try limits.apply(to: &draft)
    let limits = try ApiKey(jsonValue: draft.finished).limits
    try await context.withClient { client in
      let key = ApiKey(
        name: name, permissions: permissions.names,
        expireTime: try await end.time(client, context), limits: limits)
      let message = CreateApiKeyRequest(
        serviceAccountID: try await reference.id(client, context), apiKey: key,
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.serviceAccounts.createApiKey(
        message, options: context.callOptions)
      try ApiKeyCommand.show(reply.key, reply.jsonValue(), request, context)
    }
  }
}

/// The option that says when a key ends.
struct ApiKeyEndOptions: ParsableArguments {
  @Option(
    name: .customLong("expires"),
    help: ArgumentHelp(
      "When the key stops working, as 2027-01-01 or +30d; at most 400 days ahead.",
      valueName: "time"))
  var expires: String?

  init() {}

  /// The moment; nil where the server chooses.
  func time(_ client: ClinicClient, _ context: CommandContext) async throws -> Timestamp? {
    guard let expires else { return nil }
    return try await ClinicSchedule(client, context).moment(expires)
  }
}
