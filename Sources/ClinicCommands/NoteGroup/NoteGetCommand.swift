internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl note get ID`
struct NoteGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a note, as its newest version has it.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The note's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.notes.get(
        GetNoteRequest(noteID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "note", columns: NoteColumns.record(moments))
    }
  }
}
