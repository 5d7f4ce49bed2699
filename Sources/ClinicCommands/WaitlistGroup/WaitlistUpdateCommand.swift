internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl waitlist update ID`
struct WaitlistUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes what suits somebody who waits.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The entry's id.")
  var id: String

  @OptionGroup(title: "What suits") var fields: WaitlistFieldOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var entry = WaitlistEntry(etag: version.etag ?? "")
      let paths = try await fields.apply(to: &entry, schedule)
      guard !paths.isEmpty else { throw CommandFailure.usage("nothing says what to change") }
      let reply = try await client.waitlist.updateEntry(
        UpdateWaitlistEntryRequest(
          waitlistEntryID: id, entry: entry, updateMask: FieldMask(paths: paths),
          requestID: request.identifier(context), validateOnly: request.validateOnly),
        options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "entry", columns: try await WaitlistColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}
