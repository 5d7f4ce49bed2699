/// What the command line says of a patient.
enum PatientDraft {
  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "patient_id", "state", "create_time", "update_time", "archive_time", "etag"
  ]

  /// The draft of the options.
  static func make(
    _ options: DraftOptions, fields: PatientFieldOptions, context: CommandContext
  ) throws -> MessageDraft {
    try options.draft(
      .patient, wrapper: "patient", serverFields: serverFields, context: context,
      flags: fields.apply(to:))
  }
}
