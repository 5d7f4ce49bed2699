internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl follow-up reopen ID`
struct FollowUpReopenCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "reopen", abstract: "Opens a closed follow-up again, with fresh times.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The follow-up's id.")
  var id: String

  @Option(name: .long, help: "Why.")
  var reason: String

  @Option(
    name: .long,
    help: ArgumentHelp("Until when it must be done now: a day, a time, or +3d.", valueName: "time"))
  var due: String?

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let message = ReopenFollowUpRequest(
        followUpID: id, reason: reason, dueTime: try schedule.moment(due, dayEnds: true),
        etag: version.etag ?? "", requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await client.followUps.reopen(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record(schedule.moments))
      try request.noteCheck(context)
    }
  }
}
