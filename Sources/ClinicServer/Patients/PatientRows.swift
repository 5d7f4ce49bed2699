internal import ClinicContracts
internal import PostgresClient
internal import struct Foundation.UUID

/// Patients as the arrays of columns that one statement writes.
struct PatientRows {
  private let patients: [Patient]
  private let ids: [UUID]
  private let lists: [[UInt8]]
  private let names: [SearchNames]

  init(_ patients: [Patient]) throws {
    self.patients = patients
    ids = try patients.map { try $0.uuid }
    lists = try patients.map { try $0.serializedLists() }
    names = patients.map(SearchNames.init)
  }

  /// Inserts the patients.
  func insert(in companyID: UUID) -> BoundStatement { bind(PatientStatements.insert, companyID) }

  /// Replaces the patients' changeable columns.
  func update(in companyID: UUID) -> BoundStatement { bind(PatientStatements.update, companyID) }

  private func bind(_ statement: SQLStatement, _ companyID: UUID) -> BoundStatement {
    statement(
      companyID, ids,
      patients.map(\.recordNumber),
      patients.map { $0.name?.text ?? "" },
      patients.map { $0.name?.given ?? "" },
      patients.map { $0.name?.family ?? "" },
      patients.map { $0.name?.prefix ?? "" },
      patients.map { $0.name?.suffix ?? "" },
      patients.map { Int16(truncatingIfNeeded: $0.name?.use.rawValue ?? 0) },
      patients.map { $0.birthDate?.packed },
      patients.map { Int16(truncatingIfNeeded: $0.sex.rawValue) },
      patients.map(\.gender),
      patients.map(\.deceased),
      patients.map { $0.deathDate?.packed },
      patients.map { $0.tags.joined(separator: "\u{1F}") },
      patients.map(\.language),
      patients.map(\.needsInterpreter),
      patients.map(\.maritalStatus),
      patients.map(\.ethnicity),
      lists,
      names.map(\.sort),
      names.map(\.all))
  }
}
