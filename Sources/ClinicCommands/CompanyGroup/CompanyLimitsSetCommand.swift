internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl company limits set ID`
struct CompanyLimitsSetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Sets limits for a clinic.",
    discussion: """
      Only what is given changes. An empty value, as --clinic-calls '', goes back to the server's \
      own setting.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The clinic's id.")
  var id: String

  @OptionGroup(title: "Limits") var limits: CompanyLimitsOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let draft = try values.draft(
      MessageSchema(CompanyLimits.descriptor), wrapper: "limits",
      serverFields: ["company_id", "update_time", "etag"], context: context,
      flags: limits.apply(to:))
    guard !draft.maskPaths.isEmpty else {
      throw CommandFailure.usage("nothing says what to change")
    }
    var limits = try CompanyLimits(jsonValue: draft.finished)
    if let etag = version.etag { limits.etag = etag }
    let message = UpdateCompanyLimitsRequest(
      companyID: id, limits: limits, updateMask: FieldMask(paths: draft.maskPaths),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.quotas.updateCompanyLimits(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "effective", columns: CompanyLimitsColumns.record)
      try request.noteCheck(context)
    }
  }
}
