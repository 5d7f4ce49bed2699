internal import ArgumentParser

/// `clinicctl api-key …`
struct ApiKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "api-key",
    abstract: "Makes, changes, replaces and revokes the keys of service accounts.",
    discussion: """
      clinicctl api-key create Laboratory --name production > lab.key

      A new key is shown once, on standard output alone; everything else stands on standard error.
      """,
    subcommands: [
      ApiKeyListCommand.self, ApiKeyCreateCommand.self, ApiKeyUpdateCommand.self,
      ApiKeyRotateCommand.self, ApiKeyRevokeCommand.self
    ])

  /// The columns of a list.
  static let list = [
    TableColumn("Id", "apiKeyId", isFlexible: false), TableColumn("Name", "name"),
    TableColumn("Ends in", "hint"), TableColumn("State", "state"),
    TableColumn("Expires", "expireTime"), TableColumn("Last used", "lastUsedTime"),
    TableColumn("From", "lastUsedAddress"), UsageLimitsColumns.brief("Limits", "limits")
  ]

  /// The lines of a record.
  static let record =
    [
      TableColumn("Id", "apiKeyId"), TableColumn("Account", "serviceAccountId"),
      TableColumn("Name", "name"),
      TableColumn("Permissions") {
        let names = $0["permissions"]?.elements.compactMap(\.text) ?? []
        return names.isEmpty ? "the account's" : names.joined(separator: "\n")
      },
      TableColumn("Ends in", "hint"), TableColumn("State", "state")
    ] + UsageLimitsColumns.record("limits") + [
      TableColumn("Created", "createTime"), TableColumn("Expires", "expireTime"),
      TableColumn("Revoked", "revokeTime"), TableColumn("Last used", "lastUsedTime"),
      TableColumn("From", "lastUsedAddress"), TableColumn("Replaced by", "replacedByApiKeyId"),
      TableColumn("Changed", "updateTime"), TableColumn("Etag", "etag")
    ]

  /// Shows a new key: alone on standard output as a table, so that it can go into a file.
  static func show(
    _ key: String, _ reply: JSONValue, _ request: RequestOptions, _ context: CommandContext
  ) throws {
    guard context.printer.format == .table else { return try context.printer.print(reply) }
    if !context.isQuiet {
      try ReplyPrinter(format: .table, output: context.environment.errors, isColored: false)
        .printRecord(reply, "apiKey", columns: record)
    }
    try request.noteCheck(context)
    guard !request.validateOnly else { return }
    guard !key.isEmpty else {
      throw CommandFailure(
        "the key was made by an earlier call, and keys are shown once",
        hint: "revoke it, and create another")
    }
    try context.environment.output.write(key + "\n")
    try context.note("The key is shown only now.")
  }
}
