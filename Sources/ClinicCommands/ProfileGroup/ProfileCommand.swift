internal import ArgumentParser

/// `clinicctl profile …`
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Keeps where and as whom to log in.",
    subcommands: [
      ProfileListCommand.self, ProfileSetCommand.self, ProfileUseCommand.self,
      ProfileRemoveCommand.self
    ])

  init() {}
}
