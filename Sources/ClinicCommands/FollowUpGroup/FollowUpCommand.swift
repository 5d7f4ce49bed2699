internal import ArgumentParser

/// `clinicctl follow-up …`
struct FollowUpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow-up", abstract: "Keeps what has to be done, by whom and until when.",
    subcommands: [
      FollowUpListCommand.self, FollowUpGetCommand.self, FollowUpCreateCommand.self,
      FollowUpUpdateCommand.self, FollowUpStartCommand.self, FollowUpSnoozeCommand.self,
      FollowUpCompleteCommand.self, FollowUpCancelCommand.self, FollowUpReopenCommand.self
    ])
}
