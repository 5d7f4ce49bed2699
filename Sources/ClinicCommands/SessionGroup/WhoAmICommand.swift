internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl whoami`
struct WhoAmICommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Shows who is logged in, where, and what they may do.")

  @OptionGroup var globals: GlobalOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.auth.getCaller(
        GetCallerRequest(), options: context.callOptions
      ).jsonValue()
      guard context.printer.format == .table else { return try context.printer.print(reply) }
      try context.printer.printRecord(["caller": reply], "caller", columns: Self.columns)
    }
  }

  private static let columns = [
    TableColumn("Name") { first(of: ["staff.displayName", "serviceAccount.name"], in: $0) },
    TableColumn("E-mail", "staff.email"),
    TableColumn("Account") {
      first(of: ["staff.staffId", "serviceAccount.serviceAccountId"], in: $0)
    },
    TableColumn("Clinic") { caller in
      ["company.name", "company.slug"].compactMap { caller.value(at: $0)?.text }
        .joined(separator: ", ")
    },
    TableColumn("Session", "sessionId"), TableColumn("API key", "apiKey.name"),
    TableColumn("Expires", "apiKey.expireTime"),
    TableColumn("Permissions") {
      $0["permissions"]?.elements.compactMap(\.text).joined(separator: "\n") ?? ""
    }
  ]

  /// The first of the texts that there is.
  private static func first(of paths: [String], in caller: JSONValue) -> String {
    paths.lazy.compactMap { caller.value(at: $0)?.text }.first ?? ""
  }
}
