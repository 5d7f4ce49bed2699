internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl changes watch`
struct ChangesWatchCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Shows the changes as they are made, until it is interrupted.",
    discussion: """
      Goes on by itself, without a gap, when the connection breaks or the server changes. With -o \
      json, a line for each.
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Begin after this number, 0 for the beginning. Default: from now on.", valueName: "number"))
  var after: Int64?

  @Option(
    name: .long,
    help: ArgumentHelp("Only a kind of record, as patient. Repeatable.", valueName: "kind"))
  var type: [String] = []

  @Option(name: .long, help: ArgumentHelp("Only one record.", valueName: "id"))
  var record: String?

  @Option(name: .long, help: ArgumentHelp("End after so many.", valueName: "count"))
  var count: Int?

  func validate() throws {
    if let after, after < 0 { throw ValidationError("--after takes a number, 0 or more") }
    if let count, count < 1 { throw ValidationError("--count takes a number, 1 or more") }
  }

  func run(_ context: CommandContext) async throws {
    let request = WatchChangesRequest(
      afterSequence: after,
      filter: ChangeFilter(recordTypes: type, recordID: record ?? ""))
    var rest = count ?? .max
    try await context.withClient { client in
      let moments = try await ClinicSchedule(client, context).moments
      var list = context.printer.list(
        "changes", columns: ChangeColumns.list(moments), csv: CSVColumns(of: ChangeEntry.self))
      try await client.followChanges(request, options: context.callOptions) { reply in
        let changes = reply.changes.prefix(rest)
        if context.printer.format == .json || context.printer.format == .yaml {
          for change in changes { try DescriptorCall.show(change, printer: context.printer) }
        } else if !changes.isEmpty {
          try list.add(try changes.map { try $0.jsonValue() })
        }
        rest -= changes.count
        return rest > 0
      }
    }
  }
}
