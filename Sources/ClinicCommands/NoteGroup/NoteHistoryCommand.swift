internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl note history ID`
struct NoteHistoryCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Lists the versions of a note: who wrote what, when and why.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Argument(help: "The note's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let columns = NoteColumns.history(try await ClinicSchedule(client, context).moments)
      try await context.printPages(
        page, "versions", columns: columns, csv: CSVColumns(of: Note.self)
      ) { token in
        let request = ListNoteVersionsRequest(noteID: id, pageSize: page.size, pageToken: token)
        return try await client.notes.listVersions(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }
}
