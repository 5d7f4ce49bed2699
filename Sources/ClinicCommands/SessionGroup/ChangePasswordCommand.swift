internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl change-password`
struct ChangePasswordCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "change-password",
    abstract: "Changes one's own password and ends one's other sessions.",
    discussion: """
      Asks for both passwords, or reads the current and the new one from the first two lines of \
      standard input with --password-stdin.
      """)

  @OptionGroup var globals: GlobalOptions

  @Flag(name: .long, help: "Read the passwords from standard input.")
  var passwordStdin = false

  func run(_ context: CommandContext) async throws {
    let current =
      passwordStdin
      ? try context.readPasswordLine() : try context.environment.askSecret("Current password: ")
    let new = try context.readNewPassword(fromInput: passwordStdin, prompt: "New password")
    try await context.withClient { client in
      let request = ChangePasswordRequest(currentPassword: current, newPassword: new)
      let reply = try await client.auth.changePassword(request, options: context.callOptions)
      if context.printer.format == .table {
        try context.note("The password is changed.")
      } else {
        try context.printer.print(reply.jsonValue())
      }
    }
  }
}
