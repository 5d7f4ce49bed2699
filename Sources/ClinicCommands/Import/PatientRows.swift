internal import ClinicContracts
internal import ProtobufRuntime

/// The patients of a CSV file, row by row, in memory bounded by the longest row.
final class PatientRows {
  /// A row of the file.
  enum Row {
    /// A patient, at a line.
    case patient(ImportRow)
    /// A row that is wrong by itself.
    case refused(RefusedRow)
  }

  /// What becomes of the columns.
  let plan: ImportPlan
  /// The file's length in bytes; nil where nobody knows.
  let size: Int64?
  /// How many bytes were read.
  var bytesRead: Int64 { counter.count }

  private var reader: CSVReader
  private let builder: PatientRowBuilder
  private let counter: ByteCounter

  /// Reads the header.
  ///
  /// - Throws: ``CommandFailure`` where the header cannot be read or understood.
  init(
    input: any InputSource, size: Int64?, delimiter: UInt8?, map: ColumnMap, reader: ValueReader,
    constants: [(path: ResolvedPath, text: String)]
  ) throws {
    self.size = size
    let counter = ByteCounter()
    self.counter = counter
    var first: [UInt8]? = try input.read(upTo: Self.pieceSize)
    let delimiter = delimiter ?? CSVDialect.delimiter(ofHeader: first ?? [])
    var csv = CSVReader(delimiter: delimiter) {
      let piece = try first ?? input.read(upTo: Self.pieceSize)
      first = nil
      counter.count += Int64(piece.count)
      return piece
    }
    let header: [String]
    do {
      switch try csv.next() {
      case .row(_, let fields): header = fields
      case .malformed(_, let problem): throw CSVFileError.header(problem)
      case nil: throw CSVFileError.empty
      }
    } catch let error as CSVFileError {
      throw CommandFailure("the file cannot be imported: \(error)", status: .usage)
    }
    plan = try ImportPlan(header: header, map: map, schema: .patient)
    builder = PatientRowBuilder(
      plan: plan, schema: .patient, reader: reader, constants: constants)
    self.reader = csv
  }

  private static let pieceSize = 1 << 16

  /// Counts the bytes that the reader takes.
  private final class ByteCounter {
    var count: Int64 = 0
  }

  /// The next row; nil at the end. Rows that hold nothing are passed over.
  func next() throws -> Row? {
    while let record = try reader.next() {
      switch record {
      case .malformed(let line, let problem):
        return .refused(
          RefusedRow(
            line: Int64(line), reason: problem.reason,
            description_p: problem.description))
      case .row(let line, let fields):
        if PatientRowBuilder.isBlank(fields) { continue }
        return patient(fields, line: Int64(line))
      }
    }
    return nil
  }

  private func patient(_ fields: [String], line: Int64) -> Row {
    do {
      let json = try builder.patient(fields)
      return .patient(
        ImportRow(line: line, patient: try Patient(jsonUTF8: Array(json.compactText.utf8))))
    } catch let problem as FieldProblem {
      return .refused(
        RefusedRow(
          line: line, field: problem.field, reason: problem.reason,
          description_p: problem.description))
    } catch {
      return .refused(
        RefusedRow(line: line, reason: "VALUE", description_p: "A value does not fit: \(error)."))
    }
  }
}
