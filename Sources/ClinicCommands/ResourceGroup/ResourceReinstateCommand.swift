internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl resource reinstate ID`
struct ResourceReinstateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "reinstate", abstract: "Takes a resource back into use.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The resource's id or name.")
  var resource: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let id = try await ClinicSchedule(client, context).resourceIDs([resource])[0]
      let message = ReinstateResourceRequest(
        resourceID: id, etag: version.etag ?? "", requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await client.resources.reinstate(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "resource", columns: ResourceColumns.record)
      try request.noteCheck(context)
    }
  }
}
