internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient search TEXT`
struct PatientSearchCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Finds patients by name, telephone, e-mail, identifier or date of birth.",
    discussion: "Accents, case and small mistakes do not matter. The best match stands first.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "What to look for; several words are one search.")
  var text: [String]

  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp("How many at most, 1 to 100.", valueName: "count"))
  var limit: Int32 = 20

  @Flag(name: .long, help: "Archived ones too.")
  var includeArchived = false

  func validate() throws {
    guard (1...100).contains(limit) else {
      throw ValidationError("--limit takes a number from 1 to 100")
    }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let request = SearchPatientsRequest(
        query: text.joined(separator: " "), pageSize: limit, includeArchived: includeArchived)
      let reply = try await client.patients.search(request, options: context.callOptions)
      if reply.matches.isEmpty { try context.note("Nobody fits.") }
      try context.printer.printList(
        reply.jsonValue(), "matches", columns: PatientColumns.matches,
        csv: CSVColumns(of: PatientMatch.self))
    }
  }
}
