internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl resource create KIND`
struct ResourceCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Creates a practitioner, a room or a piece of equipment.",
    discussion: """
      clinicctl resource create practitioner --name 'Dr Okafor' --staff ID --hours 'mon-fri \
      09:00-17:00'
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "What it is: practitioner, room or equipment.")
  var kind: ResourceKindOption

  @OptionGroup(title: "Resource") var fields: ResourceFieldOptions

  @Option(name: .customLong("staff"), help: "The id of the member of staff who a practitioner is.")
  var staffID: String?

  @OptionGroup var values: DraftOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(Resource.descriptor), wrapper: "resource",
      serverFields: ResourceFieldOptions.serverFields, context: context
    ) {
      try fields.apply(to: &$0)
      try $0.set("staff_id", staffID)
    }
    var resource = try Resource(jsonValue: draft.finished)
    resource.kind = kind.kind
    let message = CreateResourceRequest(
      resource: resource, requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.resources.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "resource", columns: ResourceColumns.record)
      try request.noteCheck(context)
    }
  }
}
