internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl role create`
struct RoleCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Creates a role.",
    discussion: "clinicctl role create --name Reception --permission patients.read")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup(title: "Role") var fields: RoleFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(Role.descriptor), wrapper: "role",
      serverFields: RoleFieldOptions.serverFields, context: context, flags: fields.apply(to:))
    let message = CreateRoleRequest(
      role: try Role(jsonValue: draft.finished), requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.roles.create(message, options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "role", columns: RoleColumns.record)
      try request.noteCheck(context)
    }
  }
}
