internal import ArgumentParser

/// `clinicctl session …`
struct SessionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session", abstract: "Lists and ends sessions.",
    subcommands: [SessionListCommand.self, SessionRevokeCommand.self])
}
