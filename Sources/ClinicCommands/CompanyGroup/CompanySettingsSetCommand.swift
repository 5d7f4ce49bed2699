internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl company settings set`
struct CompanySettingsSetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Changes the settings of one's own clinic.",
    discussion: "Only what is given changes; --open replaces all opening hours.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup(title: "Clinic") var settings: CompanySettingsOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  /// The request that the options stand for.
  func message(_ context: CommandContext) throws -> UpdateMyCompanyRequest {
    let draft = try values.draft(
      MessageSchema(Company.descriptor), wrapper: "company",
      serverFields: CompanySettingsOptions.serverFields, context: context,
      flags: settings.apply(to:))
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage("nothing says what to change")
    }
    var company = try Company(jsonValue: draft.finished)
    if let etag = version.etag { company.etag = etag }
    return UpdateMyCompanyRequest(
      company: company, updateMask: FieldMask(paths: draft.maskPaths),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
  }

  func run(_ context: CommandContext) async throws {
    let message = try message(context)
    try await context.withClient { client in
      let reply = try await client.companies.updateMy(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "company", columns: CompanyColumns.record)
      try request.noteCheck(context)
    }
  }
}
