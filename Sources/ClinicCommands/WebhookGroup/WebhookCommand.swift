internal import ArgumentParser

/// `clinicctl webhook …`
struct WebhookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webhook", abstract: "Keeps the addresses that the clinic's changes are sent to.",
    subcommands: [
      WebhookListCommand.self, WebhookGetCommand.self, WebhookCreateCommand.self,
      WebhookUpdateCommand.self, WebhookPauseCommand.self, WebhookResumeCommand.self,
      WebhookDeleteCommand.self, WebhookRotateCommand.self, WebhookTestCommand.self,
      WebhookDeliveriesCommand.self, WebhookRetryCommand.self, WebhookReplayCommand.self
    ])
}
