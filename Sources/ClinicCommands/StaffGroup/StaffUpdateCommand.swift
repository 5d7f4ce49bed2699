internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl staff update ID`
struct StaffUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes an account.",
    discussion: "Only what is given changes; --role replaces all roles.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The account's id.")
  var id: String

  @OptionGroup(title: "Account") var fields: StaffFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let roleIDs = try await fields.roleIDs(client, context: context)
      let draft = try values.draft(
        MessageSchema(Staff.descriptor), wrapper: "staff",
        serverFields: StaffFieldOptions.serverFields, context: context
      ) { try fields.apply(to: &$0, roleIDs: roleIDs) }
      guard !draft.maskPaths.isEmpty else {
        throw CommandFailure.usage("nothing says what to change")
      }
      var staff = try Staff(jsonValue: draft.finished)
      if let etag = version.etag { staff.etag = etag }
      let message = UpdateStaffRequest(
        staffID: id, staff: staff, updateMask: FieldMask(paths: draft.maskPaths),
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.staff.update(message, options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "staff", columns: StaffColumns.record)
      try request.noteCheck(context)
    }
  }
}
