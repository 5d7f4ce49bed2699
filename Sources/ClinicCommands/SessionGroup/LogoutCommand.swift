internal import ArgumentParser
internal import ClinicClient
internal import RPCCore

/// `clinicctl logout`
struct LogoutCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "Ends the session and forgets its credentials.",
    discussion: "The profile stays.")

  @OptionGroup var globals: GlobalOptions

  func run(_ context: CommandContext) async throws {
    do {
      try await context.withClient { client in try await client.logout() }
      try context.note("Logged out.")
    } catch let failure as CallFailure where failure.error.code == .unauthenticated {
      try context.note("Nobody was logged in.")
    } catch let failure as CallFailure where failure.error.code == .unavailable {
      try context.note(
        "The credentials are forgotten here. The server was not told: the session ends by itself.")
      throw failure
    }
  }
}
