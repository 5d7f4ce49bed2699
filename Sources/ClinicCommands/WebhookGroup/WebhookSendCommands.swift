internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl webhook rotate ID`
struct WebhookRotateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Makes a new secret, and shows it once.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  @Option(
    name: .customLong("overlap-hours"),
    help: ArgumentHelp(
      "How long the old secret signs, too, 0 to 168; 24.", valueName: "hours"))
  var overlap: Int32 = 24

  @OptionGroup var request: RequestOptions

  func validate() throws {
    guard (0...168).contains(overlap) else {
      throw ValidationError("--overlap-hours takes 0 to 168")
    }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.webhooks.rotateSecret(
        RotateWebhookSecretRequest(
          webhookID: id, overlapMinutes: overlap * 60, requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "webhook", columns: WebhookColumns.record)
      try request.noteCheck(context)
      guard !request.validateOnly, context.printer.format == .table else { return }
      try WebhookCommand.show(secret: reply.secret, context)
    }
  }
}

/// `clinicctl webhook test ID`
struct WebhookTestCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Sends a ping now, and tells what it came to.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.webhooks.test(
        TestWebhookRequest(webhookID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "attempt", columns: WebhookColumns.attempt)
    }
  }
}

/// `clinicctl webhook retry DELIVERY`
struct WebhookRetryCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Sends a delivery that waits, or a dead letter, now.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The delivery's id.")
  var id: String

  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.webhooks.retryDelivery(
        RetryWebhookDeliveryRequest(
          webhookDeliveryID: id, requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "delivery", columns: WebhookColumns.delivery)
      try request.noteCheck(context)
    }
  }
}

/// `clinicctl webhook replay ID`
struct WebhookReplayCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Sends the log again from an entry on.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  @Option(
    name: .customLong("from"), help: ArgumentHelp("The first entry.", valueName: "sequence"))
  var sequence: Int64

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.webhooks.replay(
        ReplayWebhookRequest(
          webhookID: id, fromSequence: sequence, etag: version.etag ?? "",
          requestID: request.identifier(context), validateOnly: request.validateOnly),
        options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "webhook", columns: WebhookColumns.record)
      try request.noteCheck(context)
    }
  }
}
