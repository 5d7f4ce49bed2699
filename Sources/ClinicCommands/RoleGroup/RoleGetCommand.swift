internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl role get ID`
struct RoleGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a role.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The role's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.roles.get(
        GetRoleRequest(roleID: id), options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "role", columns: RoleColumns.record)
    }
  }
}
