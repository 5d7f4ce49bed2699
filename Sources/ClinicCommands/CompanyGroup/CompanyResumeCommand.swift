internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl company resume ID`
struct CompanyResumeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Puts a suspended clinic back into service.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The clinic's id.")
  var id: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = ResumeCompanyRequest(
      companyID: id, etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.companies.resume(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "company", columns: CompanyColumns.record)
      try request.noteCheck(context)
    }
  }
}
