internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl webhook list`
struct WebhookListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the webhooks, the newest first.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "webhooks", columns: WebhookColumns.list, csv: CSVColumns(of: Webhook.self)
      ) { token in
        try await client.webhooks.list(
          ListWebhooksRequest(pageSize: page.size, pageToken: token),
          options: context.callOptions
        ).jsonValue()
      }
    }
  }
}

/// `clinicctl webhook get ID`
struct WebhookGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a webhook.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.webhooks.get(
        GetWebhookRequest(webhookID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "webhook", columns: WebhookColumns.record)
    }
  }
}

/// `clinicctl webhook deliveries ID`
struct WebhookDeliveriesCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "deliveries", abstract: "Lists what was sent to a webhook, the newest first.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The webhook's id.")
  var id: String

  @OptionGroup var page: PageOptions

  @Flag(name: .long, help: "Only dead letters.")
  var dead = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "deliveries", columns: WebhookColumns.deliveries,
        csv: CSVColumns(of: WebhookDelivery.self)
      ) { token in
        try await client.webhooks.listDeliveries(
          ListWebhookDeliveriesRequest(
            webhookID: id, pageSize: page.size, pageToken: token,
            state: dead ? .dead : .unspecified), options: context.callOptions
        ).jsonValue()
      }
    }
  }
}
