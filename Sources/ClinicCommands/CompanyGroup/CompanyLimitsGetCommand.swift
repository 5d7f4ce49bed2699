internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl company limits get ID`
struct CompanyLimitsGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows the limits that are in force for a clinic.",
    discussion: "With -o json or yaml, also those that were set for it.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The clinic's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.quotas.getCompanyLimits(
        GetCompanyLimitsRequest(companyID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "effective", columns: CompanyLimitsColumns.record)
    }
  }
}
