internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl follow-up cancel ID`
struct FollowUpCancelCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Says that a follow-up is no longer to be done.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The follow-up's id.")
  var id: String

  @Option(name: .long, help: "Why.")
  var reason: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Cancel the follow-up \(id)?", isAssumed: confirmation.yes)
    }
    let message = CancelFollowUpRequest(
      followUpID: id, reason: reason, etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.followUps.cancel(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record(moments))
      try request.noteCheck(context)
    }
  }
}
