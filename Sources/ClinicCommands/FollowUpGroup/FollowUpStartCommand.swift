internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl follow-up start ID`
struct FollowUpStartCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Begins with a follow-up.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The follow-up's id.")
  var id: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = StartFollowUpRequest(
      followUpID: id, etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.followUps.start(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record(moments))
      try request.noteCheck(context)
    }
  }
}
