internal import ClinicContracts
internal import ProtobufRuntime

/// Rows of an import that go in together.
struct ImportBatch: Sendable {
  /// The rows of one transaction.
  static let rows = 500

  /// The most rows of an atomic import, which waits in memory until its last row has come.
  static let atomicRows = 100_000

  private struct Row: Sendable {
    let line: Int64
    let patient: Patient
    let keys: [String]
  }

  private let rules: PatientRules
  private var rows: [Row] = []

  init(rules: PatientRules) { self.rules = rules }

  var isEmpty: Bool { rows.isEmpty }
  var isFull: Bool { rows.count >= Self.rows }

  /// The keys of the batch that must be new in the clinic.
  var uniqueKeys: [String] { rows.flatMap(\.keys) }

  /// Adds a row that keeps the rules, or notes why it is refused.
  mutating func add(_ row: ImportRow, to tally: inout ImportTally) {
    let (patient, violations) = rules.check(row.patient ?? Patient(), path: "")
    guard violations.isEmpty else { return tally.refuse(line: row.line, violations) }
    rows.append(Row(line: row.line, patient: patient, keys: PatientKeys.unique(of: patient)))
  }

  /// The patients whose keys are all new, marking their keys as taken; the others are skipped or
  /// refused.
  func choose(
    taken: inout Set<String>, skipsExisting: Bool, tally: inout ImportTally
  ) -> [Patient] {
    rows.compactMap { row in
      if let key = row.keys.first(where: taken.contains) {
        if skipsExisting {
          tally.skipped += 1
        } else {
          let violation = FieldViolation(
            field: PatientKeys.field(of: key), reason: "ALREADY_EXISTS",
            description: "must be new in the clinic: another patient has it")
          tally.refuse(line: row.line, [violation])
        }
        return nil
      }
      taken.formUnion(row.keys)
      return row.patient
    }
  }
}

/// What became of the rows of an import.
struct ImportTally: Sendable {
  /// The most refused rows that are reported one by one.
  static let reported = 1_000
  /// The most wrong fields that are reported of one row, so that a reply stays within its size.
  static let reportedOfRow = 8

  var created = 0
  var skipped = 0
  private var refused = 0
  private var refusedRows: [RefusedRow] = []
  private var reports = 0

  var hasRefusals: Bool { refused > 0 }

  /// Notes a refused row, and all that is wrong with it.
  mutating func refuse(line: Int64, _ violations: [FieldViolation]) {
    refused += 1
    guard reports < Self.reported else { return }
    reports += 1
    refusedRows += violations.prefix(Self.reportedOfRow).map {
      RefusedRow(
        line: line, field: $0.field, reason: $0.reason, description_p: $0.description)
    }
  }

  var response: ImportPatientsResponse { response(created: created) }

  func response(created: Int) -> ImportPatientsResponse {
    ImportPatientsResponse(
      createdCount: Int64(created), skippedCount: Int64(skipped), refusedCount: Int64(refused),
      refusedRows: refusedRows.sorted { $0.line < $1.line })
  }
}
