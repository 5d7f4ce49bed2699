internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient list`
struct PatientListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists patients.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions
  @OptionGroup var filter: PatientFilterOptions

  @Option(name: .long, help: ArgumentHelp("The order.", valueName: "order"))
  var order: PatientOrderOption = .name

  func run(_ context: CommandContext) async throws {
    let filter = try filter.filter()
    try await context.withClient { client in
      try await context.printPages(
        page, "patients", columns: PatientColumns.list, csv: CSVColumns(of: Patient.self)
      ) { token in
        let request = ListPatientsRequest(
          pageSize: page.size, pageToken: token, filter: filter, order: order.order)
        return try await client.patients.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
