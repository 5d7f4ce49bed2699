internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl api-key update ID`
struct ApiKeyUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes a key's name and limits.",
    discussion: """
      clinicctl api-key update ID --calls 10/100 --cost-per-day 50000

      Only what is given changes. An empty value takes a limit away: --calls ''. A key's limits can \
      only be lower than those that every caller of the clinic has.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The key's id.")
  var id: String

  @Option(name: .long, help: "What tells the key apart, as 'production'.")
  var name: String?

  @OptionGroup(title: "Limits") var limits: ApiKeyLimitsOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  /// Fields that no update changes, which JSON may hold.
  private static let otherFields: Set<String> = [
    "api_key_id", "service_account_id", "permissions", "hint", "state", "create_time",
    "expire_time", "revoke_time", "last_used_time", "last_used_address", "replaced_by_api_key_id",
    "update_time", "etag"
  ]

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(ApiKey.descriptor), wrapper: "api_key", serverFields: Self.otherFields,
      context: context
    ) { draft in
      try draft.set("name", name)
      try limits.apply(to: &draft)
    }
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage("nothing says what to change")
    }
    var key = try ApiKey(jsonValue: draft.finished)
    if let etag = version.etag { key.etag = etag }
    let message = UpdateApiKeyRequest(
      apiKeyID: id, apiKey: key, updateMask: FieldMask(paths: draft.maskPaths),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.serviceAccounts.updateApiKey(
        message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "apiKey", columns: ApiKeyCommand.record)
      try request.noteCheck(context)
    }
  }
}
