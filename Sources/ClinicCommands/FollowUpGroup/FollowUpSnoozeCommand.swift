internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl follow-up snooze ID`
struct FollowUpSnoozeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "snooze", abstract: "Puts a follow-up off.",
    discussion: "Its times do not move: to have longer, update them.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The follow-up's id.")
  var id: String

  @Option(
    name: .long, help: ArgumentHelp("Until when: a day, a time, or +4h.", valueName: "time"))
  var until: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let message = SnoozeFollowUpRequest(
        followUpID: id, untilTime: try schedule.moment(until), etag: version.etag ?? "",
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.followUps.snooze(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record(schedule.moments))
      try request.noteCheck(context)
    }
  }
}
