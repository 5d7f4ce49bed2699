internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl service-account update ACCOUNT`
struct ServiceAccountUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes an account; its keys follow at once.",
    discussion: """
      Only what is given changes; --permission replaces all permissions, and --certificate all \
      certificates.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var reference: ServiceAccountReference
  @OptionGroup(title: "Account") var fields: ServiceAccountFieldOptions
  @OptionGroup var values: DraftOptions

  @Flag(name: .long, help: "Take away the binding to client certificates.")
  var anyCertificate = false

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func validate() throws {
    if anyCertificate, !fields.certificates.isEmpty {
      throw ValidationError("--any-certificate and --certificate exclude each other")
    }
  }

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(ServiceAccount.descriptor), wrapper: "service_account",
      serverFields: ServiceAccountFieldOptions.serverFields, context: context,
      flags: fields.apply(to:))
    let paths = draft.maskPaths + (anyCertificate ? ["certificate_thumbprints"] : [])
    guard !paths.isEmpty else { throw CommandFailure.usage("nothing says what to change") }
    var account = try ServiceAccount(jsonValue: draft.finished)
    if let etag = version.etag { account.etag = etag }
    let changed = account
    try await context.withClient { client in
      let message = UpdateServiceAccountRequest(
        serviceAccountID: try await reference.id(client, context), serviceAccount: changed,
        updateMask: FieldMask(paths: paths), requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await client.serviceAccounts.update(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "serviceAccount", columns: ServiceAccountColumns.record)
      try request.noteCheck(context)
    }
  }
}
