internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment reschedule ID`
struct AppointmentRescheduleCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "reschedule", abstract: "Moves an appointment to another time, in one step.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The appointment's id.")
  var id: String

  @Option(
    name: .customLong("to"), help: ArgumentHelp("When the new one begins.", valueName: "when"))
  var start: String

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "A practitioner, room or equipment. Repeat it. Default: as before.", valueName: "resource"))
  var resources: [String] = []

  @Option(name: .customLong("minutes"), help: "The length. Default: as before.")
  var length: Int32 = 0

  @Option(name: .customLong("by"), help: "Who wants it: patient or clinic.")
  var who: CancelledByOption = .patient

  @Option(name: .long, help: "Why.")
  var note: String = ""

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let message = RescheduleAppointmentRequest(
        appointmentID: id, startTime: try schedule.time(start),
        resourceIds: try await schedule.resourceIDs(resources), lengthMinutes: length,
        requestedBy: who.value, note: note, etag: version.etag ?? "",
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await schedule.booking {
        try await client.appointments.reschedule(message, options: context.callOptions)
      }
      try context.printer.printRecord(
        reply.jsonValue(), "appointment", columns: try await AppointmentColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}

/// Who wants something, on the command line.
enum CancelledByOption: String, ExpressibleByArgument, CaseIterable {
  case patient, clinic

  var value: CancelledBy { self == .patient ? .patient : .clinic }
}
