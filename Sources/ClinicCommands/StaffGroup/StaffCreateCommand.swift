internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl staff create`
struct StaffCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Creates an account.",
    discussion: "The server makes up the first password unless --password-stdin gives one.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup(title: "Account") var fields: StaffFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var password: NewPasswordOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let password = try password.read(context)
    try await context.withClient { client in
      let roleIDs = try await fields.roleIDs(client, context: context)
      let draft = try values.draft(
        MessageSchema(Staff.descriptor), wrapper: "staff",
        serverFields: StaffFieldOptions.serverFields, context: context
      ) { try fields.apply(to: &$0, roleIDs: roleIDs) }
      let message = CreateStaffRequest(
        staff: try Staff(jsonValue: draft.finished), password: password,
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.staff.create(message, options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "staff", columns: StaffColumns.record)
      try request.noteCheck(context)
      try NewPasswordOptions.show(reply.initialPassword, context: context)
    }
  }
}
