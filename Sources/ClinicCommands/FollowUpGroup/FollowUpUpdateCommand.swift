internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl follow-up update ID`
struct FollowUpUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes what a follow-up says, who does it, until when.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The follow-up's id.")
  var id: String

  @OptionGroup(title: "Follow-up") var fields: FollowUpFieldOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var (followUp, paths) = try fields.followUp(schedule)
      guard !paths.isEmpty else {
        throw CommandFailure.usage("nothing says what to change", hint: "pass --due, --staff …")
      }
      followUp.etag = version.etag ?? ""
      let message = UpdateFollowUpRequest(
        followUpID: id, followUp: followUp, updateMask: FieldMask(paths: paths),
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.followUps.update(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record(schedule.moments))
      try request.noteCheck(context)
    }
  }
}
