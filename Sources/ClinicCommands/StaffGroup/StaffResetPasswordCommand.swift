internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl staff reset-password ID`
struct StaffResetPasswordCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset-password",
    abstract: "Gives an account a new password and ends its sessions.",
    discussion: """
      The password must be changed at the next login. The server makes it up unless \
      --password-stdin gives one.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The account's id.")
  var id: String

  @OptionGroup var password: NewPasswordOptions
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Replace the password of \(id) and end the account's sessions?",
        isAssumed: confirmation.yes)
    }
    let message = ResetStaffPasswordRequest(
      staffID: id, password: try password.read(context), requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.staff.resetPassword(message, options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "staff", columns: StaffColumns.record)
      try request.noteCheck(context)
      try NewPasswordOptions.show(reply.initialPassword, context: context)
    }
  }
}
