/// What the command line says of a patient.
enum PatientDraft {
  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "patient_id", "state", "create_time", "update_time", "archive_time", "etag"
  ]

  /// The object that `--json` names; nil without that option.
  static func object(_ options: DraftOptions, context: CommandContext) throws -> JSONValue? {
    try options.object(wrapper: "patient", context: context)
  }

  /// The draft of the options.
  ///
  /// - Parameters:
  ///   - object: What `--json` names.
  ///   - stored: The patient as the server has it, where lists are to keep what is not given.
  static func make(
    _ options: DraftOptions, fields: PatientFieldOptions, object: JSONValue?,
    stored: JSONValue = .object([])
  ) throws -> MessageDraft {
    try options.draft(
      MessageDraft(schema: .patient, stored: stored), object: object, serverFields: serverFields,
      flags: fields.apply(to:))
  }
}
