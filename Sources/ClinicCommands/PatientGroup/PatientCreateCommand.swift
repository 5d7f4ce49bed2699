internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient create`
struct PatientCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Creates a patient.",
    discussion: "clinicctl patient create --given Jane --family Roe --birth-date 1984-03-31")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup(title: "Patient") var fields: PatientFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try PatientDraft.make(
      values, fields: fields, object: PatientDraft.object(values, context: context))
    guard !draft.finished.members.isEmpty else {
      throw CommandFailure.usage(
        "nothing says who the patient is", hint: "pass --given and --family")
    }
    let message = CreatePatientRequest(
      patient: try Patient(jsonValue: draft.finished), requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.patients.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "patient", columns: PatientColumns.record)
      try request.noteCheck(context)
    }
  }
}
