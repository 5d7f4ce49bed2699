internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient export`
struct PatientExportCommand: ToolCommand {
  /// What an export looks like.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    /// One JSON object on a line.
    case ndjson
    /// A row for each patient, which `patient import` reads again.
    case csv
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes all patients, or some of them.",
    discussion: """
      The patients come one by one, however many there are. A file that --to names is readable \
      by its owner only, and takes its place when it is whole.
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Default: csv with -o csv, else ndjson.", valueName: "format"))
  var format: Format?

  @Option(
    name: .long, help: ArgumentHelp("Where to. Default: standard output.", valueName: "file"),
    completion: .file())
  var to: String?

  @OptionGroup var filter: PatientFilterOptions

  func run(_ context: CommandContext) async throws {
    let request = ExportPatientsRequest(filter: try filter.filter())
    let format = format ?? (context.printer.format == .csv ? .csv : .ndjson)
    let file = try to.map { try OutputFile($0) }
    let output: any OutputSink = file ?? context.environment.output
    let columns = PatientExportColumns.names
    var progress = ProgressBar(
      "Exporting", total: nil, sink: context.environment.errors,
      isQuiet: context.isQuiet || file == nil)
    if format == .csv { try output.write(CSVWriter.row(columns)) }
    var count: Int64 = 0
    count = try await context.withClient { client in
      var count: Int64 = 0
      try await client.patients.export(request, options: context.callOptions) { replies in
        for try await reply in replies {
          var text = ""
          for patient in reply.patients {
            let json = try patient.jsonValue()
            text +=
              format == .csv
              ? CSVWriter.row(PatientExportColumns.cells(of: json), columns: columns)
              : json.compactText + "\n"
          }
          count += Int64(reply.patients.count)
          try output.write(text)
          try progress.update(done: count, note: "\(count) patients")
        }
      }
      return count
    }
    try progress.finish()
    try file?.finish()
    if file != nil { try context.note("Exported \(count) patients.") }
  }
}
