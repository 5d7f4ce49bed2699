internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl role update ID`
struct RoleUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes a role.",
    discussion: "Only what is given changes; --permission replaces all permissions.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The role's id.")
  var id: String

  @OptionGroup(title: "Role") var fields: RoleFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(Role.descriptor), wrapper: "role",
      serverFields: RoleFieldOptions.serverFields, context: context, flags: fields.apply(to:))
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage("nothing says what to change")
    }
    var role = try Role(jsonValue: draft.finished)
    if let etag = version.etag { role.etag = etag }
    let message = UpdateRoleRequest(
      roleID: id, role: role, updateMask: FieldMask(paths: draft.maskPaths),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.roles.update(message, options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "role", columns: RoleColumns.record)
      try request.noteCheck(context)
    }
  }
}
