internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl staff reactivate ID`
struct StaffReactivateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "reactivate", abstract: "Opens a closed account again.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The account's id.")
  var id: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = ReactivateStaffRequest(
      staffID: id, etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.staff.reactivate(message, options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "staff", columns: StaffColumns.record)
      try request.noteCheck(context)
    }
  }
}
