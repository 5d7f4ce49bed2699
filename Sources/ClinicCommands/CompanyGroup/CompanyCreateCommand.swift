internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl company create`
struct CompanyCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Creates a clinic with its first administrator.")

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: "The short name that people type to log in.")
  var slug: String

  @Option(name: .long, help: "The first administrator's e-mail address.")
  var adminEmail: String

  @Option(name: .long, help: "The first administrator's name.")
  var adminName: String

  @OptionGroup(title: "Clinic") var settings: CompanySettingsOptions
  @OptionGroup var values: DraftOptions
  @OptionGroup var password: NewPasswordOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    var draft = try values.draft(
      MessageSchema(Company.descriptor), wrapper: "company",
      serverFields: CompanySettingsOptions.serverFields, context: context,
      flags: settings.apply(to:))
    try draft.set("slug", slug)
    let message = CreateCompanyRequest(
      company: try Company(jsonValue: draft.finished), adminEmail: adminEmail,
      adminName: adminName, adminPassword: try password.read(context),
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.companies.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "company", columns: CompanyColumns.record)
      try request.noteCheck(context)
      try NewPasswordOptions.show(reply.initialPassword, context: context)
    }
  }
}
