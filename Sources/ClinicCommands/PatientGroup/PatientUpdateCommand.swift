internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl patient update ID`
struct PatientUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes a patient.",
    discussion: """
      Only what is given changes. --phone, --mobile and --email replace the contacts of their \
      kind, --nhs-number and --identifier the identifiers of their type, --city and the like \
      that part of the first address; --set addresses[1].city=Leeds changes one element. What \
      else these lists hold is read first, and kept; a repetition with the same --request-id \
      reads another version of it, so that such a one needs the first one's --etag too. --tag \
      replaces all tags. An empty value clears: --gender '', --phone ''.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The patient's id.")
  var id: String

  @OptionGroup(title: "Patient") var fields: PatientFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  /// Whether a part of a list is given, whose rest must be read first.
  var needsRecord: Bool { fields.changesLists || values.setsElements }

  /// The request that the options stand for.
  ///
  /// - Parameters:
  ///   - object: What `--json` names.
  ///   - stored: The patient as it is.
  func message(
    _ context: CommandContext, object: JSONValue?, stored: Patient? = nil
  ) throws -> UpdatePatientRequest {
    let draft = try PatientDraft.make(
      values, fields: fields, object: object, stored: stored?.jsonValue() ?? .object([]))
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage(
        "nothing says what to change", hint: "pass --family NAME, or --set PATH=VALUE")
    }
    var patient = try Patient(jsonValue: draft.finished)
    // What was read must still be so when it is written.
    if patient.etag.isEmpty, let stored { patient.etag = stored.etag }
    if let etag = version.etag { patient.etag = etag }
    return UpdatePatientRequest(
      patientID: id, patient: patient, updateMask: FieldMask(paths: draft.maskPaths),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
  }

  func run(_ context: CommandContext) async throws {
    guard !needsRecord || request.requestID == nil || version.etag != nil else {
      throw CommandFailure.usage(
        "--request-id needs --etag where a list changes in part",
        hint: "pass the --etag that 'patient get' showed before the first try")
    }
    let object = try PatientDraft.object(values, context: context)
    // Values that do not fit are refused before anything is asked.
    let alone = try message(context, object: object)
    try await context.withClient { client in
      var message = alone
      if needsRecord {
        let reply = try await client.patients.get(
          GetPatientRequest(patientID: id), options: context.callOptions)
        message = try self.message(context, object: object, stored: reply.patient)
      }
      let reply = try await client.patients.update(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "patient", columns: PatientColumns.record)
      try request.noteCheck(context)
    }
  }
}
