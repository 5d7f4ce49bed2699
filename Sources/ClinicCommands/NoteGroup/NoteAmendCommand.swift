internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl note amend ID`
struct NoteAmendCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "amend", abstract: "Writes a further version of a note.",
    discussion: "The versions before stay: clinicctl note history ID")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The note's id.")
  var id: String

  @OptionGroup var text: NoteTextOptions

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = AmendNoteRequest(
      noteID: id, title: text.title ?? "", text: try text.contents(context), reason: reason,
      etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.notes.amend(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "note", columns: NoteColumns.record(moments))
      try request.noteCheck(context)
    }
  }
}
