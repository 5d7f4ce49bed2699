internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl role permissions`
struct RolePermissionsCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "permissions", abstract: "Lists the permissions that roles can hold.")

  @OptionGroup var globals: GlobalOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.roles.listPermissions(
        ListPermissionsRequest(), options: context.callOptions)
      try context.printer.printList(
        reply.jsonValue(), "permissions", columns: RoleColumns.permissions,
        csv: CSVColumns(of: Permission.self))
    }
  }
}
