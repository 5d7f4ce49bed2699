internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl company get ID`
struct CompanyGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a clinic.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The clinic's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.companies.get(
        GetCompanyRequest(companyID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "company", columns: CompanyColumns.record)
    }
  }
}
