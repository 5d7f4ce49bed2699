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
    if let violation = violations.first {
      tally.refuse(
        line: row.line, field: violation.field, reason: violation.reason,
        description: violation.description)
    } else {
      rows.append(Row(line: row.line, patient: patient, keys: PatientKeys.unique(of: patient)))
    }
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
          tally.refuse(
            line: row.line, field: PatientKeys.field(of: key), reason: "ALREADY_EXISTS",
            description: "must be new in the clinic: another patient has it")
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

  var created = 0
  var skipped = 0
  private var refused = 0
  private var refusedRows: [RefusedRow] = []

  var hasRefusals: Bool { refused > 0 }

  /// Notes a refused row.
  mutating func refuse(line: Int64, field: String, reason: String, description: String) {
    refused += 1
    guard refusedRows.count < Self.reported else { return }
    refusedRows.append(
      RefusedRow(line: line, field: field, reason: reason, description_p: description))
  }

  var response: ImportPatientsResponse { response(created: created) }

  func response(created: Int) -> ImportPatientsResponse {
    ImportPatientsResponse(
      createdCount: Int64(created), skippedCount: Int64(skipped), refusedCount: Int64(refused),
      refusedRows: refusedRows.sorted { $0.line < $1.line })
  }
}
