internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl company list`
struct CompanyListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the clinics in the order of their short names.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: ArgumentHelp("Only active or suspended ones.", valueName: "state"))
  var state: CompanyStateOption?

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "companies", columns: CompanyColumns.list, csv: CSVColumns(of: Company.self)
      ) { token in
        let request = ListCompaniesRequest(
          pageSize: page.size, pageToken: token, state: state?.state ?? .unspecified)
        return try await client.companies.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
