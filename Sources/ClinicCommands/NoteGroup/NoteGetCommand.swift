internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl note get ID`
struct NoteGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a note, or all its versions.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The note's id.")
  var id: String

  @Flag(name: .long, help: "Every version: who wrote what, when and why.")
  var history = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.notes.get(
        GetNoteRequest(noteID: id, includeHistory: history), options: context.callOptions
      ).jsonValue()
      if history, context.printer.format == .table || context.printer.format == .csv {
        try context.printer.printList(reply, "history", columns: NoteColumns.history(moments))
      } else {
        try context.printer.printRecord(reply, "note", columns: NoteColumns.record(moments))
      }
    }
  }
}
