internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl patient import FILE.csv`
struct PatientImportCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Creates patients from a CSV file.",
    discussion: """
      Understands the export of Synthea, a file of 'patient export -o csv', usual headings, and \
      with --map any other columns (clinicctl help mapping). A wrong row is reported with its \
      line and the rest goes in, unless --atomic. The status is 3 where rows were refused.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(
    help: "The file; '-' reads standard input.", completion: .file(extensions: ["csv", "tsv"]))
  var file: String

  @Option(
    name: .customLong("map"),
    help: ArgumentHelp(
      "What columns become: 'birth_date=DOB,name.family=Surname'.", valueName: "map"))
  var maps: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("The same from a file, one on a line.", valueName: "file"),
    completion: .file())
  var mapFile: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Give every patient a value: 'tags=imported'. Repeat it for more.", valueName: "path=value"))
  var constants: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How dates are written beside YYYY-MM-DD: DD/MM/YYYY …", valueName: "pattern"))
  var dateFormat: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What stands between fields. Default: what the header says.", valueName: "character"))
  var delimiter: String?

  @Flag(name: .long, help: "Nothing goes in unless every row is right.")
  var atomic = false

  @Flag(name: .long, help: "Check every row and change nothing.")
  var validateOnly = false

  @Flag(name: .long, help: "Pass over patients that the clinic has already.")
  var skipExisting = false

  func validate() throws {
    if let dateFormat, DateFormat(dateFormat) == nil {
      throw ValidationError("'\(dateFormat)' is not a pattern of dates as DD/MM/YYYY")
    }
    if let delimiter, delimiter != "\\t", delimiter.utf8.count != 1 {
      throw ValidationError("--delimiter takes one character")
    }
  }

  func run(_ context: CommandContext) async throws {
    let source = try open(context)
    let plan = source.plan
    if !plan.ignored.isEmpty {
      try context.note("Ignored columns: " + plan.ignored.joined(separator: ", "))
    }
    // Wrong rows are found here as well as by the server: with --atomic, one of them must keep the
    // others out, so a file is looked through before.
    let mustCheckOnly = atomic && file != "-" ? try rejectsRows(context) : false
    let options = ImportOptions(
      atomic: atomic, validateOnly: validateOnly || mustCheckOnly, skipExisting: skipExisting)
    let run = PatientImport(
      source: source, options: options, stopsAtRefusal: atomic && file == "-", context: context)
    var report = try await run.send()
    if mustCheckOnly || (atomic && report.refusedCount > 0) { report.createdCount = 0 }
    try print(report, context: context)
    if report.refusedCount > 0 { throw CommandEnd(.partial) }
  }

  /// The file as rows of patients.
  func open(_ context: CommandContext) throws -> PatientRows {
    var map = ColumnMap()
    if let mapFile { try map.add(file: context.readText(mapFile)) }
    for text in maps { try map.add(option: text) }
    var values: [(path: ResolvedPath, text: String)] = []
    for text in constants {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw CommandFailure.usage("'\(text)' sets nothing", hint: "write it as tags=imported")
      }
      values.append((try FieldPath(String(parts[0])).resolved(in: .patient), String(parts[1])))
    }
    let input: any InputSource = file == "-" ? context.environment.input : try InputFile(file)
    return try PatientRows(
      input: input, size: (input as? InputFile)?.size,
      delimiter: delimiter.flatMap { $0 == "\\t" ? UInt8(ascii: "\t") : $0.utf8.first }, map: map,
      reader: ValueReader(dateFormat: dateFormat.flatMap { DateFormat($0) }), constants: values)
  }

  /// Whether a row of the file is wrong by itself.
  private func rejectsRows(_ context: CommandContext) throws -> Bool {
    let rows = try open(context)
    while let row = try rows.next() {
      if case .refused = row { return true }
    }
    return false
  }

  private func print(_ report: ImportPatientsResponse, context: CommandContext) throws {
    let json = try report.jsonValue(keepsDefaults: true)
    switch context.printer.format {
    case .json, .yaml: try context.printer.print(json)
    case .csv:
      try context.printer.printList(
        json, "refusedRows", columns: [], csv: CSVColumns(of: RefusedRow.self))
    case .table:
      try context.environment.output.write(summary(report) + "\n")
      if !report.refusedRows.isEmpty {
        try context.printer.printList(
          json, "refusedRows", columns: Self.columns, csv: CSVColumns(of: RefusedRow.self))
        let rest = report.refusedCount - Int64(report.refusedRows.count)
        if rest > 0 { try context.environment.output.write("… and \(rest) more.\n") }
      }
    }
  }

  /// What became of the file, in a sentence.
  func summary(_ report: ImportPatientsResponse) -> String {
    let skipped = report.skippedCount > 0 ? ", passed over \(report.skippedCount)" : ""
    let refused = report.refusedCount > 0 ? ", refused \(report.refusedCount)" : ""
    if atomic, report.refusedCount > 0 {
      return "Nothing went in: \(report.refusedCount) rows are refused."
    }
    return (validateOnly ? "Would import " : "Imported ")
      + "\(report.createdCount) patients\(skipped)\(refused)."
  }

  private static let columns = [
    TableColumn("Line", "line", alignment: .trailing, isFlexible: false),
    TableColumn("Field", "field"), TableColumn("Reason", "reason", isFlexible: false),
    TableColumn("Description", "description")
  ]
}
