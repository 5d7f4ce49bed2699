internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment entered-in-error ID`
struct AppointmentErrorCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "entered-in-error",
    abstract: "Notes that the appointment should never have been there.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The appointment's id.")
  var id: String

  @Option(name: .long, help: "Why: kept in the change log.")
  var reason: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = MarkAppointmentEnteredInErrorRequest(
      appointmentID: id, reason: reason, etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.appointments.markEnteredInError(
        message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "appointment", columns: try await AppointmentColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}
