public import ProtobufRuntime

extension RPCError {
  /// The domain of the reasons that the product defines.
  public static let domain = "clinic"

  /// There is no such thing, or none that the caller may know of.
  ///
  /// - Parameter field: the path of the request's field that names it, among the error's facts.
  public static func notFound(
    _ message: String, reason: String? = nil, field: String? = nil
  ) -> RPCError {
    RPCError(
      code: .notFound, message: message, reason: reason,
      metadata: field.map { ["field": $0] } ?? [:])
  }

  /// The request is wrong, in these fields.
  public static func invalidArgument(violations: [FieldViolation]) -> RPCError {
    let fields = violations.map(\.field).joined(separator: ", ")
    return RPCError(
      code: .invalidArgument,
      message: violations.count == 1
        ? "The request is invalid: \(fields): \(violations[0].description)"
        : "The request is invalid in \(violations.count) fields: \(fields)",
      details: [.badRequest(violations: violations)])
  }

  /// The request is wrong in one field.
  public static func invalidArgument(
    field: String, reason: String, description: String
  ) -> RPCError {
    .invalidArgument(
      violations: [FieldViolation(field: field, reason: reason, description: description)])
  }

  /// The request is wrong as a whole.
  public static func invalidArgument(_ message: String, reason: String? = nil) -> RPCError {
    RPCError(code: .invalidArgument, message: message, reason: reason)
  }

  /// The call lost a race: the caller reads again and retries.
  public static func aborted(
    _ message: String, reason: String, metadata: [String: String] = [:]
  ) -> RPCError {
    RPCError(code: .aborted, message: message, reason: reason, metadata: metadata)
  }

  /// The state of the system does not allow the call; `type` is as `STATE`, `subject` a field path
  /// or a resource name.
  public static func failedPrecondition(
    _ message: String, type: String, subject: String = ""
  ) -> RPCError {
    RPCError(
      code: .failedPrecondition, message: message,
      details: [.preconditionFailure(type: type, subject: subject, description: message)])
  }

  /// The thing to create exists.
  public static func alreadyExists(
    _ message: String, reason: String? = nil, metadata: [String: String] = [:]
  ) -> RPCError {
    RPCError(code: .alreadyExists, message: message, reason: reason, metadata: metadata)
  }

  /// The caller is known and may not do this.
  public static func permissionDenied(
    _ message: String, reason: String? = nil, metadata: [String: String] = [:]
  ) -> RPCError {
    RPCError(code: .permissionDenied, message: message, reason: reason, metadata: metadata)
  }

  /// The credentials are missing, wrong, expired or revoked.
  public static func unauthenticated(_ message: String, reason: String? = nil) -> RPCError {
    RPCError(code: .unauthenticated, message: message, reason: reason)
  }

  /// A limit is reached; `retryAfter` says when to come back.
  public static func resourceExhausted(
    _ message: String, reason: String? = nil, metadata: [String: String] = [:],
    retryAfter: Duration? = nil
  ) -> RPCError {
    RPCError(
      code: .resourceExhausted, message: message, reason: reason, metadata: metadata,
      retryAfter: retryAfter)
  }

  /// The server cannot serve at the moment; the cause stays in this process.
  public static func unavailable(
    _ message: String, reason: String? = nil, retryAfter: Duration? = nil,
    cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(
      code: .unavailable, message: message, reason: reason, retryAfter: retryAfter, cause: cause)
  }

  /// The server has no such method.
  public static func unimplemented(_ message: String) -> RPCError {
    RPCError(code: .unimplemented, message: message)
  }

  /// The deadline passed.
  public static func deadlineExceeded(_ message: String = "The deadline passed") -> RPCError {
    RPCError(code: .deadlineExceeded, message: message)
  }

  /// The caller cancelled the call.
  public static func cancelled(_ message: String = "The call was cancelled") -> RPCError {
    RPCError(code: .cancelled, message: message)
  }

  /// The server failed. The message is always the same: the cause stays in this process.
  public static func `internal`(cause: (any Error)? = nil) -> RPCError {
    RPCError(code: .internal, message: "The server failed", cause: cause)
  }

  /// An error with a reason for machines (UPPER_SNAKE_CASE) and facts about it.
  public init(
    code: RPCStatusCode, message: String, reason: String?, metadata: [String: String] = [:],
    retryAfter: Duration? = nil, cause: (any Error)? = nil
  ) {
    var details: [ErrorDetail] = []
    if let reason { details.append(.errorInfo(reason: reason, metadata: metadata)) }
    if let retryAfter { details.append(.retryInfo(after: retryAfter)) }
    self.init(code: code, message: message, details: details, cause: cause)
  }
}
