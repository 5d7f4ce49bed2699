internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl company suspend ID`
struct CompanySuspendCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Takes a clinic out of service and ends its sessions.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The clinic's id.")
  var id: String

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Suspend the clinic \(id) and end its sessions?", isAssumed: confirmation.yes)
    }
    let message = SuspendCompanyRequest(
      companyID: id, reason: reason, etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.companies.suspend(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "company", columns: CompanyColumns.record)
      try request.noteCheck(context)
    }
  }
}
