internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl series list`
struct SeriesListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists series, the newest first.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: "Only of this patient: an id, or a search that finds only them.")
  var patient: String?

  @Flag(name: .long, help: "Only those that go on.")
  var active = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var filter = AppointmentSeriesFilter(state: active ? .active : .unspecified)
      if let patient { filter.patientID = try await schedule.patientID(patient) }
      let columns = try await SeriesColumns(schedule).list
      try await context.printPages(
        page, "series", columns: columns, csv: CSVColumns(of: AppointmentSeries.self)
      ) { token in
        let request = ListAppointmentSeriesRequest(
          pageSize: page.size, pageToken: token, filter: filter)
        return try await client.series.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
