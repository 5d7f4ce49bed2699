public import PostgresClient
public import RPCCore

/// What callers are told of the database's errors: the one place where constraints and SQLSTATEs
/// become codes. Never a message, a name or a value of the database's own.
extension PostgresError: RPCErrorConvertible {
  public var rpcError: RPCError {
    switch sqlState {
    case .uniqueViolation:
      return Self.duplicates[constraint ?? ""] ?? .alreadyExists("It exists already")
    case .foreignKeyViolation:
      return Self.references[constraint ?? ""]
        ?? .failedPrecondition("Something else refers to it", type: "IN_USE")
    case .requestIDReused:
      return .alreadyExists(
        "The request id belongs to another request", reason: "REQUEST_ID_REUSED")
    case .serializationFailure, .deadlockDetected, .lockNotAvailable:
      return .aborted("Others changed the same thing at the same time", reason: "CONTENTION")
    case .queryCanceled:
      return .deadlineExceeded()
    case .insufficientPrivilege:
      return .internal(cause: self)
    case .adminShutdown, .crashShutdown, .cannotConnectNow, .tooManyConnections, .diskFull:
      return .unavailable(
        "The database is not available at the moment", reason: "DATABASE_UNAVAILABLE",
        retryAfter: .seconds(1), cause: self)
    default:
      return .internal(cause: self)
    }
  }

  private static let recordNumberTaken = RPCError.alreadyExists(
    "Another patient of the clinic has this record number, but for blanks and hyphens",
    reason: "RECORD_NUMBER_TAKEN", metadata: ["field": "patient.record_number"])

  private static let duplicates: [String: RPCError] = [
    "companies_pkey": .alreadyExists("The clinic exists already", reason: "COMPANY_EXISTS"),
    "company_directory_slug_key": .alreadyExists(
      "Another clinic has this short name", reason: "SLUG_TAKEN", metadata: ["field": "slug"]),
    "staff_email_unique": .alreadyExists(
      "Another account of the clinic has this e-mail address", reason: "EMAIL_TAKEN",
      metadata: ["field": "staff.email"]),
    "roles_name_unique": .alreadyExists(
      "Another role of the clinic has this name", reason: "ROLE_NAME_TAKEN",
      metadata: ["field": "role.name"]),
    "service_accounts_name_unique": .alreadyExists(
      "Another service account of the clinic has this name", reason: "SERVICE_ACCOUNT_NAME_TAKEN",
      metadata: ["field": "service_account.name"]),
    "patients_record_number_unique": recordNumberTaken,
    "patient_keys_record_number_unique": recordNumberTaken,
    "patient_keys_unique": .alreadyExists(
      "Another patient of the clinic has one of these identifiers", reason: "IDENTIFIER_TAKEN",
      metadata: ["field": "patient.identifiers"]),
    "resources_name_unique": .alreadyExists(
      "Another resource of the clinic has this name", reason: "RESOURCE_NAME_TAKEN",
      metadata: ["field": "resource.name"]),
    "resources_staff_unique": .alreadyExists(
      "This member of staff is a practitioner already", reason: "PRACTITIONER_EXISTS",
      metadata: ["field": "resource.staff_id"]),
    "appointment_types_name_unique": .alreadyExists(
      "Another kind of appointment of the clinic has this name",
      reason: "APPOINTMENT_TYPE_NAME_TAKEN",
      metadata: ["field": "appointment_type.name"]),
    "note_versions_pkey": .aborted(
      "It was changed at the same time: read it again and decide anew", reason: "CONTENTION")
  ]

  private static let roleHasFollowUps = RPCError.failedPrecondition(
    "Follow-ups are for this role: give them to somebody else first", type: "IN_USE",
    subject: "role")

  private static let references: [String: RPCError] = [
    // The platform's administrators can name a clinic that does not exist.
    "requests_company_id_fkey": CompanyHandler.notFound,
    "staff_roles_role_fkey": .failedPrecondition(
      "Staff have this role: take it from them first", type: "IN_USE", subject: "role"),
    "resources_staff_fkey": StaffHandler.notFound.about("resource.staff_id"),
    "availability_exceptions_resource_fkey": ResourceHandler.notFound.about(
      "exception.resource_id"),
    "appointments_patient_fkey": .failedPrecondition(
      "The patient has appointments: archive the record instead", type: "IN_USE",
      subject: "patient"),
    "appointment_series_patient_fkey": .failedPrecondition(
      "The patient has series of appointments: archive the record instead", type: "IN_USE",
      subject: "patient"),
    "waitlist_entries_patient_fkey": .failedPrecondition(
      "The patient is on the waitlist: archive the record instead", type: "IN_USE",
      subject: "patient"),
    "notes_patient_fkey": .failedPrecondition(
      "There are notes on the patient: archive the record instead", type: "IN_USE",
      subject: "patient"),
    "follow_ups_patient_fkey": .failedPrecondition(
      "There are follow-ups for the patient: archive the record instead", type: "IN_USE",
      subject: "patient"),
    "follow_ups_assignee_role_fkey": roleHasFollowUps,
    "follow_ups_escalation_role_fkey": roleHasFollowUps,
    "note_versions_before_fkey": .aborted(
      "It was changed at the same time: read it again and decide anew", reason: "CONTENTION")
  ]
}

extension SQLState {
  /// Raised by `claim_request`: the id belongs to another request.
  static let requestIDReused = SQLState(rawValue: "CL001")
  /// Raised by `claim_time` where other appointments take up the time, and by `admit_appointment`
  /// where something else differs from what a booking was decided on.
  static let timeTaken = SQLState(rawValue: "CL002")
}

extension PostgresClientError: RPCErrorConvertible {
  public var rpcError: RPCError {
    switch code {
    case .deadlineExceeded: .deadlineExceeded()
    case .overloaded, .poolTimeout:
      RPCError(
        code: .resourceExhausted, message: "The database is busy", reason: "DATABASE_BUSY",
        retryAfter: .milliseconds(250), cause: self)
    case .connectionFailure, .connectionLost, .shutDown:
      .unavailable(
        "The database is not available at the moment", reason: "DATABASE_UNAVAILABLE",
        retryAfter: .seconds(1), cause: self)
    default: .internal(cause: self)
    }
  }
}

extension PostgresTransactionError: RPCErrorConvertible {
  public var rpcError: RPCError {
    if isOutcomeUnknown {
      return .unavailable(
        "The database was lost during the commit: the change is either wholly there or not at "
          + "all. Retry with the same request id.",
        reason: "OUTCOME_UNKNOWN", retryAfter: .seconds(1), cause: self)
    }
    return RPCError(mapping: bodyError ?? underlying)
  }
}

/// The text of an error for the log: types, codes and names of objects, never values.
enum ErrorText {
  static func forLog(_ error: any Error) -> String {
    switch error {
    case let error as PostgresError: "\(error)"
    case let error as PostgresClientError: "\(error)"
    case let error as PostgresTransactionError: "\(error)"
    case let error as RPCError: "\(error.code)"
    default: "\(type(of: error))"
    }
  }
}

extension PasswordHasherError: RPCErrorConvertible {
  package var rpcError: RPCError {
    switch self {
    case .outOfMemory: .internal(cause: self)
    default:
      .resourceExhausted(
        "Too many passwords are being checked at the moment", reason: "BUSY",
        retryAfter: .seconds(1))
    }
  }
}
