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

  /// Shows a new secret.
  static func show(secret: String, _ context: CommandContext) throws {
    guard !secret.isEmpty else {
      throw CommandFailure(
        "the secret was made by an earlier call, and secrets are shown once",
        hint: "clinicctl webhook rotate ID makes another")
    }
    try context.environment.output.write("\nSecret (shown only now): \(secret)\n")
  }
}
