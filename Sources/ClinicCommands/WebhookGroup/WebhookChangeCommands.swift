internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl webhook create`
struct WebhookCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Makes a webhook, and shows its secret once.",
    discussion: "clinicctl webhook create --url https://partner.example/clinic --kind patient")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup(title: "Webhook") var fields: WebhookFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(Webhook.descriptor), wrapper: "webhook",
      serverFields: WebhookFieldOptions.serverFields, context: context, flags: fields.apply(to:))
    let message = CreateWebhookRequest(
      webhook: try Webhook(jsonValue: draft.finished), requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.webhooks.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "webhook", columns: WebhookColumns.record)
      try request.noteCheck(context)
      guard !request.validateOnly, context.printer.format == .table else { return }
      try WebhookCommand.show(secret: reply.secret, context)
    }
  }
}

/// `clinicctl webhook update ID`
struct WebhookUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes a webhook.",
    discussion: "Only what is given changes; --kind replaces all kinds, --set record_types= "
      + "takes them away, so that all are sent.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  @OptionGroup(title: "Webhook") var fields: WebhookFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(Webhook.descriptor), wrapper: "webhook",
      serverFields: WebhookFieldOptions.serverFields, context: context, flags: fields.apply(to:))
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage("nothing says what to change")
    }
    var webhook = try Webhook(jsonValue: draft.finished)
    if let etag = version.etag { webhook.etag = etag }
    let message = UpdateWebhookRequest(
      webhookID: id, webhook: webhook, updateMask: FieldMask(paths: draft.maskPaths),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.webhooks.update(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "webhook", columns: WebhookColumns.record)
      try request.noteCheck(context)
    }
  }
}

/// `clinicctl webhook pause ID`
struct WebhookPauseCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Sends nothing until the webhook is resumed.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.webhooks.pause(
        PauseWebhookRequest(
          webhookID: id, etag: version.etag ?? "", requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "webhook", columns: WebhookColumns.record)
      try request.noteCheck(context)
    }
  }
}

/// `clinicctl webhook resume ID`
struct WebhookResumeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Goes on with a webhook that was paused or disabled.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.webhooks.resume(
        ResumeWebhookRequest(
          webhookID: id, etag: version.etag ?? "", requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "webhook", columns: WebhookColumns.record)
      try request.noteCheck(context)
    }
  }
}

/// `clinicctl webhook delete ID`
struct WebhookDeleteCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a webhook with its deliveries.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Delete the webhook \(id)?", isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let reply = try await client.webhooks.delete(
        DeleteWebhookRequest(
          webhookID: id, etag: version.etag ?? "", requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      if context.printer.format == .table {
        try context.note(request.validateOnly ? "Could be deleted." : "Deleted.")
      } else {
        try context.printer.print(reply.jsonValue())
      }
    }
  }
}
