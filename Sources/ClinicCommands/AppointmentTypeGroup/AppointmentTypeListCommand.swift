internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment-type list`
struct AppointmentTypeListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the kinds of appointments.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Flag(name: .long, help: "Retired ones too.")
  var includeRetired = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "appointmentTypes", columns: AppointmentTypeColumns.list,
        csv: CSVColumns(of: AppointmentType.self)
      ) { token in
        let request = ListAppointmentTypesRequest(
          pageSize: page.size, pageToken: token, includeRetired: includeRetired)
        return try await client.appointmentTypes.list(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }
}
