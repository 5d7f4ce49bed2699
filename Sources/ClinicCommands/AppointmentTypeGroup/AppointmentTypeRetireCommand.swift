internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment-type retire ID`
struct AppointmentTypeRetireCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "Takes a kind of appointment out of use, or back into it.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The id or name of the kind.")
  var type: String

  @Flag(name: .long, help: "Take it back into use.")
  var undo = false

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly, !undo {
      try context.confirm("Take \(type) out of use?", isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let id = try await ClinicSchedule(client, context).appointmentTypeID(type)
      let (etag, requestID) = (version.etag ?? "", request.identifier(context))
      let reply: JSONValue
      if undo {
        reply = try await client.appointmentTypes.reinstate(
          ReinstateAppointmentTypeRequest(
            appointmentTypeID: id, etag: etag, requestID: requestID,
            validateOnly: request.validateOnly),
          options: context.callOptions
        ).jsonValue()
      } else {
        reply = try await client.appointmentTypes.retire(
          RetireAppointmentTypeRequest(
            appointmentTypeID: id, etag: etag, requestID: requestID,
            validateOnly: request.validateOnly),
          options: context.callOptions
        ).jsonValue()
      }
      try context.printer.printRecord(
        reply, "appointmentType", columns: AppointmentTypeColumns.record)
      try request.noteCheck(context)
    }
  }
}
