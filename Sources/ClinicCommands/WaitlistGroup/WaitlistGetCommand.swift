internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl waitlist get ID`
struct WaitlistGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows an entry and its latest offer.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The entry's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.waitlist.getEntry(
        GetWaitlistEntryRequest(waitlistEntryID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "entry", columns: try await WaitlistColumns(schedule).record)
    }
  }
}
