internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl changes verify`
struct ChangesVerifyCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks that nobody altered the change log.",
    discussion: """
      Every entry holds the hash of the one before. The hash of the last one, kept elsewhere, shows \
      later that nothing before it was rewritten.
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: ArgumentHelp("Begin at this number.", valueName: "number"))
  var from: Int64 = 1

  func validate() throws {
    if from < 1 { throw ValidationError("--from takes a number, 1 or more") }
  }

  func run(_ context: CommandContext) async throws {
    var reply = VerifyChangesResponse()
    let first = from
    reply = try await context.withClient { client in
      var place = first
      while true {
        let part = try await client.changes.verify(
          VerifyChangesRequest(fromSequence: place), options: context.callOptions)
        if part.fault != nil || part.lastSequence >= part.headSequence { return part }
        place = part.lastSequence + 1
      }
    }
    reply.firstSequence = first
    let json = try reply.jsonValue()
    if context.printer.format == .table {
      try context.printer.printRecord(["check": json], "check", columns: Self.columns)
    } else {
      try context.printer.print(json)
    }
    if reply.fault != nil { throw CommandEnd(.failure) }
  }

  private static let columns = [
    TableColumn("Checked") { "\(of($0["firstSequence"])) to \(of($0["lastSequence"]))" },
    TableColumn("Result") { check in
      check["fault"].map { "entry \(of($0["sequence"])) is \(of($0["kind"]))" } ?? "whole"
    },
    TableColumn("Last hash", "lastHash")
  ]

  private static func of(_ value: JSONValue?) -> String { value.map(DisplayText.of) ?? "" }
}
