internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl note create --patient ID --text TEXT`
struct NoteCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Writes a note.",
    discussion: "clinicctl note create --patient ID --text 'Asked to ring back on Friday.'")

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: ArgumentHelp("The patient's id.", valueName: "id"))
  var patient: String?

  @Option(name: .long, help: ArgumentHelp("The appointment it is about.", valueName: "id"))
  var appointment: String?

  @Option(name: .long, help: "clinical, administrative or contact.")
  var kind: NoteKindOption = .clinical

  @OptionGroup var text: NoteTextOptions
  @OptionGroup var request: RequestOptions

  func validate() throws {
    if patient == nil, appointment == nil {
      throw ValidationError("--patient or --appointment says what the note is on")
    }
  }

  func run(_ context: CommandContext) async throws {
    let note = Note(
      patientID: patient ?? "", appointmentID: appointment ?? "", kind: kind.kind,
      title: text.title ?? "", text: try text.contents(context))
    let message = CreateNoteRequest(
      note: note, requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.notes.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "note", columns: NoteColumns.record(moments))
      try request.noteCheck(context)
    }
  }
}

/// What a note is for, as the command line names it.
enum NoteKindOption: String, ExpressibleByArgument, CaseIterable {
  case clinical
  case administrative
  case contact

  /// The kind as the contract names it.
  var kind: NoteKind {
    switch self {
    case .clinical: .clinical
    case .administrative: .administrative
    case .contact: .contact
    }
  }
}
