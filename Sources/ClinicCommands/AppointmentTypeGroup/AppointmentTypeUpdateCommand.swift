internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl appointment-type update ID`
struct AppointmentTypeUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes a kind of appointment.",
    discussion: "Only what is given changes; --needs replaces all needs.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The id or name of the kind.")
  var type: String

  @OptionGroup(title: "Kind of appointment") var fields: AppointmentTypeFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let needs = try await fields.needs(schedule)
      let draft = try values.draft(
        MessageSchema(AppointmentType.descriptor), wrapper: "appointmentType",
        serverFields: AppointmentTypeFieldOptions.serverFields, context: context
      ) { try fields.apply(to: &$0, needs: needs) }
      guard !draft.maskPaths.isEmpty else {
        throw CommandFailure.usage("nothing says what to change")
      }
      var update = try AppointmentType(jsonValue: draft.finished)
      if let etag = version.etag { update.etag = etag }
      let message = UpdateAppointmentTypeRequest(
        appointmentTypeID: try await schedule.appointmentTypeID(type), appointmentType: update,
        updateMask: FieldMask(paths: draft.maskPaths), requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await client.appointmentTypes.update(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "appointmentType", columns: AppointmentTypeColumns.record)
      try request.noteCheck(context)
    }
  }
}
