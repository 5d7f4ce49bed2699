internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl resource get ID`
struct ResourceGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a resource.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The resource's id or name.")
  var resource: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let id = try await ClinicSchedule(client, context).resourceIDs([resource])[0]
      let reply = try await client.resources.get(
        GetResourceRequest(resourceID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "resource", columns: ResourceColumns.record)
    }
  }
}
