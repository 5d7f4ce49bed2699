internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl usage`
struct UsageCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage", abstract: "Shows what the clinic and its callers used of their limits.",
    discussion: """
      Callers are the accounts of staff, and the API keys of service accounts. Days are UTC. What a \
      call costs is in `clinicctl describe`.
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: ArgumentHelp("Days, today included, 1 to 90; 7.", valueName: "count"))
  var days: Int32 = 7

  @Option(
    name: .long,
    help: ArgumentHelp("Another clinic's, for platform administrators.", valueName: "id"))
  var company: String?

  func validate() throws {
    guard (1...90).contains(days) else { throw ValidationError("--days takes a number, 1 to 90") }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply: JSONValue
      if let company {
        reply = try await client.quotas.getCompanyUsage(
          GetCompanyUsageRequest(companyID: company, days: days), options: context.callOptions
        ).jsonValue()
      } else {
        reply = try await client.quotas.getUsage(
          GetUsageRequest(days: days), options: context.callOptions
        ).jsonValue()
      }
      switch context.printer.format {
      case .json, .yaml: try context.printer.print(reply)
      case .table, .csv:
        try context.printer.printList(
          ["usage": .array(Self.rows(reply))], "usage",
          columns: Self.columns,
          csv: CSVColumns(["date", "account", "name", "key", "key_name", "calls", "cost"]))
      }
    }
  }

  private static let columns = [
    TableColumn("Date", "date", isFlexible: false),
    TableColumn("Caller") { row in
      // Keys that replace each other have one name.
      let key = row["key"]?.text ?? ""
      return key.isEmpty ? row["account"]?.text ?? "" : key
    },
    TableColumn("Name") { row in
      [row["name"], row["key_name"]].compactMap { $0?.text }.filter { !$0.isEmpty }
        .joined(separator: ", ")
    },
    TableColumn("Calls", "calls", alignment: .trailing),
    TableColumn("Cost", "cost", alignment: .trailing)
  ]

  /// A row for the clinic on each day, then one for each caller.
  private static func rows(_ reply: JSONValue) -> [JSONValue] {
    (reply["days"]?.elements ?? []).flatMap { day -> [JSONValue] in
      let date = JSONValue.string(day["date"].map(DisplayText.of) ?? "")
      func row(_ account: String, _ usage: JSONValue) -> JSONValue {
        [
          "date": date, "account": .string(account), "name": usage["displayName"] ?? .string(""),
          "key": usage["apiKeyId"] ?? .string(""),
          "key_name": usage["apiKeyName"] ?? .string(""), "calls": usage["calls"] ?? .string("0"),
          "cost": usage["cost"] ?? .string("0")
        ]
      }
      return [row("all", day)]
        + (day["callers"]?.elements ?? []).map { row($0["accountId"]?.scalarText ?? "", $0) }
    }
  }
}
