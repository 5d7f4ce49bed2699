internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl series get ID`
struct SeriesGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a series and its appointments.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The series' id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.series.get(
        GetAppointmentSeriesRequest(appointmentSeriesID: id), options: context.callOptions)
      try context.printer.printSeries(
        reply.jsonValue(), columns: try await SeriesColumns(schedule))
    }
  }
}
