internal import ArgumentParser

/// `clinicctl waitlist …`
struct WaitlistCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waitlist", abstract: "Keeps the waitlist and its offers.",
    subcommands: [
      WaitlistListCommand.self, WaitlistGetCommand.self, WaitlistAddCommand.self,
      WaitlistUpdateCommand.self, WaitlistRemoveCommand.self, WaitlistOffersCommand.self,
      WaitlistAcceptCommand.self, WaitlistDeclineCommand.self
    ])
}
