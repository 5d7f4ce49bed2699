internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl company settings get`
struct CompanySettingsGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows one's own clinic with its settings.")

  @OptionGroup var globals: GlobalOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.companies.getMy(
        GetMyCompanyRequest(), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "company", columns: CompanyColumns.record)
    }
  }
}
