/// A five-character SQLSTATE (PostgreSQL documentation, appendix A).
public struct SQLState: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  /// Class 0A: feature not supported.
  public static let featureNotSupported = SQLState(rawValue: "0A000")

  /// Class 22: data exceptions.
  public static let dataException = SQLState(rawValue: "22000")
  public static let stringDataRightTruncation = SQLState(rawValue: "22001")
  public static let numericValueOutOfRange = SQLState(rawValue: "22003")
  public static let datetimeFieldOverflow = SQLState(rawValue: "22008")
  public static let characterNotInRepertoire = SQLState(rawValue: "22021")
  public static let invalidTextRepresentation = SQLState(rawValue: "22P02")

  /// Class 23: integrity constraint violations.
  public static let integrityConstraintViolation = SQLState(rawValue: "23000")
  public static let restrictViolation = SQLState(rawValue: "23001")
  public static let notNullViolation = SQLState(rawValue: "23502")
  public static let foreignKeyViolation = SQLState(rawValue: "23503")
  public static let uniqueViolation = SQLState(rawValue: "23505")
  public static let checkViolation = SQLState(rawValue: "23514")
  public static let exclusionViolation = SQLState(rawValue: "23P01")

  /// Class 25: invalid transaction state.
  public static let readOnlyTransaction = SQLState(rawValue: "25006")
  public static let inFailedTransaction = SQLState(rawValue: "25P02")

  /// Class 26: a prepared statement that the server does not have.
  public static let invalidStatementName = SQLState(rawValue: "26000")

  /// Class 28: invalid authorization.
  public static let invalidPassword = SQLState(rawValue: "28P01")

  /// Class 40: transaction rollback.
  public static let serializationFailure = SQLState(rawValue: "40001")
  public static let deadlockDetected = SQLState(rawValue: "40P01")

  /// Class 42: syntax error or access rule violation.
  public static let insufficientPrivilege = SQLState(rawValue: "42501")
  public static let syntaxError = SQLState(rawValue: "42601")
  public static let undefinedFunction = SQLState(rawValue: "42883")
  public static let undefinedTable = SQLState(rawValue: "42P01")
  public static let undefinedColumn = SQLState(rawValue: "42703")

  /// Class 53: insufficient resources.
  public static let tooManyConnections = SQLState(rawValue: "53300")
  public static let diskFull = SQLState(rawValue: "53100")
  public static let outOfMemory = SQLState(rawValue: "53200")

  /// Class 55: object not in the state that is needed.
  public static let lockNotAvailable = SQLState(rawValue: "55P03")

  /// Class 57: operator intervention.
  public static let queryCanceled = SQLState(rawValue: "57014")
  public static let adminShutdown = SQLState(rawValue: "57P01")
  public static let crashShutdown = SQLState(rawValue: "57P02")
  public static let cannotConnectNow = SQLState(rawValue: "57P03")

  /// Class P0: raised by PL/pgSQL.
  public static let raiseException = SQLState(rawValue: "P0001")

  /// The first two characters: the class of the condition.
  public var classCode: Substring { rawValue.prefix(2) }

  /// Whether a transaction that failed with this may succeed if its whole body runs again.
  public var isTransactionRetryable: Bool {
    self == .serializationFailure || self == .deadlockDetected
  }

  /// Whether the server ended the session with this error.
  public var endsSession: Bool {
    self == .adminShutdown || self == .crashShutdown || self == .cannotConnectNow
  }
}

extension SQLState: CustomStringConvertible {
  public var description: String { rawValue }
}
