internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl note entered-in-error ID`
struct NoteEnteredInErrorCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "entered-in-error", abstract: "Says that a note should not have been written.",
    discussion: "It stays for the record. There is no way back: write the note anew.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The note's id.")
  var id: String

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Mark the note \(id) as entered in error for good?", isAssumed: confirmation.yes)
    }
    let message = MarkNoteEnteredInErrorRequest(
      noteID: id, reason: reason, etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.notes.markEnteredInError(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "note", columns: NoteColumns.record(moments))
      try request.noteCheck(context)
    }
  }
}
