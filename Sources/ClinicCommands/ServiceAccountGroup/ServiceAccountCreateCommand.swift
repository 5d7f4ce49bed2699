internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl service-account create`
struct ServiceAccountCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Creates an account, without keys.",
    discussion: """
      clinicctl service-account create --name Laboratory --permission patients.read \
      --certificate lab.pem
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup(title: "Account") var fields: ServiceAccountFieldOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(ServiceAccount.descriptor), wrapper: "service_account",
      serverFields: ServiceAccountFieldOptions.serverFields, context: context,
      flags: fields.apply(to:))
    let message = CreateServiceAccountRequest(
      serviceAccount: try ServiceAccount(jsonValue: draft.finished),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.serviceAccounts.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "serviceAccount", columns: ServiceAccountColumns.record)
      try request.noteCheck(context)
    }
  }
}
