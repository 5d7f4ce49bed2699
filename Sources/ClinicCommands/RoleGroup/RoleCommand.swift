internal import ArgumentParser

/// `clinicctl role …`
struct RoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "Keeps the clinic's roles.",
    subcommands: [
      RoleListCommand.self, RoleGetCommand.self, RolePermissionsCommand.self,
      RoleCreateCommand.self, RoleUpdateCommand.self, RoleDeleteCommand.self
    ])
}
