internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl role delete ID`
struct RoleDeleteCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a role that nobody has.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The role's id.")
  var id: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Delete the role \(id)?", isAssumed: confirmation.yes)
    }
    let message = DeleteRoleRequest(
      roleID: id, etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.roles.delete(message, options: context.callOptions)
      if context.printer.format == .table {
        try context.note(request.validateOnly ? "Could be deleted." : "Deleted.")
      } else {
        try context.printer.print(reply.jsonValue())
      }
    }
  }
}
