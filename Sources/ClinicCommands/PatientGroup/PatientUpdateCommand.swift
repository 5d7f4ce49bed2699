internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl patient update ID`
struct PatientUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes a patient.",
    discussion: """
      Only what is given changes; lists (telephone numbers, identifiers, tags …) are replaced \
      whole. An empty value clears a field: --gender ''.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The patient's id.")
  var id: String

  @OptionGroup(title: "Patient") var fields: PatientFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  /// The request that the options stand for.
  func message(_ context: CommandContext) throws -> UpdatePatientRequest {
    let draft = try PatientDraft.make(values, fields: fields, context: context)
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage(
        "nothing says what to change", hint: "pass --family NAME, or --set PATH=VALUE")
    }
    var patient = try Patient(jsonValue: draft.finished)
    if let etag = version.etag { patient.etag = etag }
    return UpdatePatientRequest(
      patientID: id, patient: patient, updateMask: FieldMask(paths: draft.maskPaths),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
  }

  func run(_ context: CommandContext) async throws {
    let message = try message(context)
    try await context.withClient { client in
      let reply = try await client.patients.update(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "patient", columns: PatientColumns.record)
      try request.noteCheck(context)
    }
  }
}
