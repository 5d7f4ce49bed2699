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
    TableColumn("Name", "staff.displayName"), TableColumn("E-mail", "staff.email"),
    TableColumn("Account", "staff.staffId"),
    TableColumn("Clinic") { caller in
      ["company.name", "company.slug"].compactMap { caller.value(at: $0)?.text }
        .joined(separator: ", ")
    },
    TableColumn("Session", "sessionId"),
    TableColumn("Permissions") {
      $0["permissions"]?.elements.compactMap(\.text).joined(separator: "\n") ?? ""
    }
  ]
}
