public import ProtobufRuntime

/// A typed fact about a failure: one of the messages of `clinic/rpc/v1/status.proto`.
public enum ErrorDetail: Sendable, Hashable {
  /// Which fields of the request are wrong.
  case badRequest(BadRequest)
  /// The cause, for machines.
  case errorInfo(ErrorInfo)
  /// When to retry.
  case retryInfo(RetryInfo)
  /// Which preconditions fail.
  case preconditionFailure(PreconditionFailure)
  /// A message that this version does not know.
  case other(typeURL: String, value: [UInt8])

  /// Which fields of the request are wrong.
  public static func badRequest(violations: [FieldViolation]) -> ErrorDetail {
    .badRequest(
      BadRequest(
        fieldViolations: violations.map {
          .init(field: $0.field, description_p: $0.description, reason: $0.reason)
        }))
  }

  /// The cause, for machines, in the product's own domain.
  public static func errorInfo(reason: String, metadata: [String: String] = [:]) -> ErrorDetail {
    .errorInfo(ErrorInfo(reason: reason, domain: RPCError.domain, metadata: metadata))
  }

  /// When to retry.
  public static func retryInfo(after delay: Duration) -> ErrorDetail {
    let (seconds, attoseconds) = delay.components
    return .retryInfo(
      RetryInfo(
        retryDelay: ProtoDuration(
          seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))))
  }

  /// One precondition that fails.
  public static func preconditionFailure(
    type: String, subject: String, description: String
  ) -> ErrorDetail {
    .preconditionFailure(
      PreconditionFailure(
        violations: [.init(type: type, subject: subject, description_p: description)]))
  }
}
