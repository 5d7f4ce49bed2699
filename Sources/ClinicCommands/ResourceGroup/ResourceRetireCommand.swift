internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl resource retire ID`
struct ResourceRetireCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "Takes a resource out of use.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The resource's id or name.")
  var resource: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Take \(resource) out of use?", isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let id = try await schedule.resourceIDs([resource])[0]
      let message = RetireResourceRequest(
        resourceID: id, etag: version.etag ?? "", requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await schedule.puttingAway {
        try await client.resources.retire(message, options: context.callOptions)
      }
      try context.printer.printRecord(
        reply.jsonValue(), "resource", columns: ResourceColumns.record)
      try request.noteCheck(context)
    }
  }
}
