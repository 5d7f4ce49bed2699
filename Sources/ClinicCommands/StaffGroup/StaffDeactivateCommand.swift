internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl staff deactivate ID`
struct StaffDeactivateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "deactivate", abstract: "Closes an account and ends its sessions.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The account's id.")
  var id: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Close the account \(id) and end its sessions?", isAssumed: confirmation.yes)
    }
    let message = DeactivateStaffRequest(
      staffID: id, etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.staff.deactivate(message, options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "staff", columns: StaffColumns.record)
      try request.noteCheck(context)
    }
  }
}
