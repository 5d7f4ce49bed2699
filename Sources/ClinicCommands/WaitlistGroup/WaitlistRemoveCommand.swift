internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl waitlist remove ID`
struct WaitlistRemoveCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Takes an entry off the list; its offer goes to the next.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The entry's id.")
  var id: String

  @Option(name: .long, help: "Why.")
  var reason: String = ""

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Take the entry \(id) off the waitlist?", isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.waitlist.removeEntry(
        RemoveWaitlistEntryRequest(
          waitlistEntryID: id, reason: reason, etag: version.etag ?? "",
          requestID: request.identifier(context), validateOnly: request.validateOnly),
        options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "entry", columns: try await WaitlistColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}
