internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl follow-up complete ID`
struct FollowUpCompleteCommand: ToolCommand {
  /// What came of it, as the command line names it.
  enum OutcomeOption: String, ExpressibleByArgument, CaseIterable {
    case done
    case notNeeded = "not-needed"
    case notReached = "not-reached"
    case passedOn = "passed-on"

    /// The outcome as the contract names it.
    var outcome: FollowUpOutcome {
      switch self {
      case .done: .done
      case .notNeeded: .notNeeded
      case .notReached: .notReached
      case .passedOn: .passedOn
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "complete", abstract: "Says that a follow-up is done, and what came of it.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The follow-up's id.")
  var id: String

  @Option(name: .long, help: "done, not-needed, not-reached or passed-on.")
  var outcome: OutcomeOption = .done

  @Option(name: .long, help: "More about what came of it.")
  var text: String?

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = CompleteFollowUpRequest(
      followUpID: id, outcome: outcome.outcome, outcomeText: text ?? "", etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      let reply = try await client.followUps.complete(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record(moments))
      try request.noteCheck(context)
    }
  }
}
