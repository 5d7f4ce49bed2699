internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment get ID`
struct AppointmentGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows an appointment.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The appointment's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.appointments.get(
        GetAppointmentRequest(appointmentID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "appointment", columns: try await AppointmentColumns(schedule).record)
    }
  }
}
