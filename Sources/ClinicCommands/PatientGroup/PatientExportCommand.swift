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
      Without a filter all patients come, archived ones too; with one, archived ones only where \
      --include-archived or --state asks for them. They come one by one, however many there are. \
      A file that --to names is readable by its owner only, and takes its place when it is whole; \
      a pipe or a device is written to as it is.
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

  /// The format that --format, else -o names.
  private func chosenFormat() throws -> Format {
    let wanted: Format? =
      switch globals.output {
      case nil: nil
      case .csv: .csv
      case .json: .ndjson
      case .table, .yaml:
        throw CommandFailure.usage(
          "an export is ndjson or csv, not \(globals.output?.rawValue ?? "")",
          hint: "pass --format ndjson or --format csv")
      }
    if let format, let wanted, format != wanted {
      throw CommandFailure.usage(
        "--format \(format.rawValue) and -o \(globals.output?.rawValue ?? "") exclude each other")
    }
    return format ?? wanted ?? .ndjson
  }

  func run(_ context: CommandContext) async throws {
    let request = ExportPatientsRequest(filter: try filter.filter())
    let format = try chosenFormat()
    let file = try to.map { try OutputFile($0) }
    let output: any OutputSink = file ?? context.environment.output
    let columns = CSVColumns(of: Patient.self)
    var progress = ProgressBar(
      "Exporting", total: nil, sink: context.environment.errors,
      isQuiet: context.isQuiet || file == nil)
    if format == .csv { try output.write(columns.heading) }
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
              ? columns.row(json)
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
