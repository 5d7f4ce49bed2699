import CLibPQ

/// An error that the server reported.
///
/// `message`, `detail` and `hint` can hold values of rows: they are for a log that may hold patient
/// data, never for a caller. `description` leaves them out.
public struct PostgresError: Error, Hashable, Sendable {
  public var sqlState: SQLState
  /// `ERROR`, `FATAL` or `PANIC`, not translated.
  public var severity: String
  public var message: String
  public var detail: String?
  public var hint: String?
  public var schema: String?
  public var table: String?
  public var column: String?
  /// The violated constraint, less a trailing `_number`: shards and partitions carry one.
  public var constraint: String?
  /// The violated constraint as the server named it.
  public var fullConstraintName: String?
  /// The name of the statement that failed, if it is a registered one.
  public var statement: String?
  /// The failing statement's place in its batch, from 0; nil if the batch as a whole failed.
  public var statementIndex: Int?
  /// A prepared statement no longer fits its tables; preparing it anew cures that.
  var isStalePlan = false

  /// An error as a server would report it, for tests and fakes.
  public init(
    sqlState: SQLState, severity: String = "ERROR", message: String = "",
    constraint: String? = nil
  ) {
    self.sqlState = sqlState
    self.severity = severity
    self.message = message
    fullConstraintName = constraint
    self.constraint = constraint.map(Self.withoutShardSuffix)
  }

  /// Reads the fields of a result with status FATAL_ERROR.
  init(result: OpaquePointer, statement: String? = nil, statementIndex: Int? = nil) {
    func field(_ code: Int32) -> String? {
      PQresultErrorField(result, code).map { String(cString: $0) }
    }
    let fallback = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
    self.init(
      sqlState: SQLState(rawValue: field(clinic_pq_diag_sqlstate()) ?? ""),
      severity: field(clinic_pq_diag_severity()) ?? "ERROR",
      message: field(clinic_pq_diag_message()) ?? fallback,
      constraint: field(clinic_pq_diag_constraint()))
    detail = field(clinic_pq_diag_detail())
    hint = field(clinic_pq_diag_hint())
    schema = field(clinic_pq_diag_schema())
    table = field(clinic_pq_diag_table())
    column = field(clinic_pq_diag_column())
    self.statement = statement
    self.statementIndex = statementIndex
  }

  /// `patients_pkey_102008` → `patients_pkey`; a name without such an ending stays.
  static func withoutShardSuffix(_ name: String) -> String {
    guard let underscore = name.lastIndex(of: "_"), underscore != name.startIndex else {
      return name
    }
    let suffix = name[name.index(after: underscore)...]
    guard !suffix.isEmpty, suffix.allSatisfy({ $0.isASCII && $0.isNumber }) else { return name }
    return String(name[..<underscore])
  }
}

extension PostgresError: CustomStringConvertible {
  /// Codes and names of objects only, never values of rows.
  public var description: String {
    var text = "PostgresError \(sqlState)"
    if let table { text += " table \(table)" }
    if let column { text += " column \(column)" }
    if let constraint { text += " constraint \(constraint)" }
    if let statement { text += " in \(statement)" }
    return text
  }
}
