internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl note list`
struct NoteListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists notes, the newest first.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: ArgumentHelp("Only those on a patient.", valueName: "id"))
  var patient: String?

  @Option(name: .long, help: ArgumentHelp("Only those on an appointment.", valueName: "id"))
  var appointment: String?

  @Option(name: .long, help: "Only clinical, administrative or contact ones.")
  var kind: NoteKindOption?

  @Flag(name: .long, help: "Those entered in error too.")
  var includeErrors = false

  func run(_ context: CommandContext) async throws {
    let filter = NoteFilter(
      patientID: patient ?? "", appointmentID: appointment ?? "",
      kind: kind?.kind ?? .unspecified, includeEnteredInError: includeErrors)
    try await context.withClient { client in
      let columns = NoteColumns.list(try await ClinicSchedule(client, context).moments)
      try await context.printPages(
        page, "notes", columns: columns, csv: CSVColumns(of: Note.self)
      ) { token in
        let request = ListNotesRequest(pageSize: page.size, pageToken: token, filter: filter)
        return try await client.notes.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
