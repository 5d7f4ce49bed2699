internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl resource update ID`
struct ResourceUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes a resource.",
    discussion: "Only what is given changes; --hours replaces all weekly hours.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The resource's id or name.")
  var resource: String

  @OptionGroup(title: "Resource") var fields: ResourceFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(Resource.descriptor), wrapper: "resource",
      serverFields: ResourceFieldOptions.serverFields, context: context, flags: fields.apply(to:))
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage("nothing says what to change")
    }
    var update = try Resource(jsonValue: draft.finished)
    if let etag = version.etag { update.etag = etag }
    let changed = update
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let id = try await schedule.resourceIDs([resource])[0]
      let message = UpdateResourceRequest(
        resourceID: id, resource: changed, updateMask: FieldMask(paths: draft.maskPaths),
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.resources.update(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "resource", columns: ResourceColumns.record)
      if !reply.affectedAppointmentIds.isEmpty {
        try context.note(
          "\(reply.affectedAppointmentIds.count) appointments lie outside the new hours:\n  "
            + (try await schedule.lines(ofIDs: reply.affectedAppointmentIds))
            .joined(separator: "\n  "))
      }
      try request.noteCheck(context)
    }
  }
}
