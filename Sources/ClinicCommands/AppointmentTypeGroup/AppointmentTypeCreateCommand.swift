internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment-type create`
struct AppointmentTypeCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Creates a kind of appointment.",
    discussion: """
      clinicctl appointment-type create --name Consultation --minutes 15 --needs practitioner \
      --needs room
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup(title: "Kind of appointment") var fields: AppointmentTypeFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let needs = try await fields.needs(try await ClinicSchedule(client, context))
      let draft = try values.draft(
        MessageSchema(AppointmentType.descriptor), wrapper: "appointmentType",
        serverFields: AppointmentTypeFieldOptions.serverFields, context: context
      ) { try fields.apply(to: &$0, needs: needs) }
      let message = CreateAppointmentTypeRequest(
        appointmentType: try AppointmentType(jsonValue: draft.finished),
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.appointmentTypes.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "appointmentType", columns: AppointmentTypeColumns.record)
      try request.noteCheck(context)
    }
  }
}
