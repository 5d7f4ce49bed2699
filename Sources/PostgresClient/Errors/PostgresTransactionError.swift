/// A transaction failed outside of its body, or in its body and again in the rollback.
///
/// An error of the body after a good rollback is thrown as it is, without this wrapper.
public struct PostgresTransactionError: Error, Sendable {
  /// The step that failed.
  public enum Stage: Hashable, Sendable {
    /// BEGIN or a statement of the prelude.
    case begin
    /// ROLLBACK after the body threw ``PostgresTransactionError/bodyError``.
    case rollback
    /// COMMIT: a deferred constraint, a serialization failure, a lost connection.
    case commit
  }

  /// The step that failed.
  public var stage: Stage
  /// What the step threw.
  public var underlying: any Error
  /// What the body threw before the rollback failed.
  public var bodyError: (any Error)?
  /// The connection died between sending COMMIT and its answer: the transaction is either fully
  /// committed or fully gone, and only a look at its effects can tell which.
  public var isOutcomeUnknown: Bool

  /// An error of one step.
  public init(
    stage: Stage, underlying: any Error, bodyError: (any Error)? = nil,
    isOutcomeUnknown: Bool = false
  ) {
    self.stage = stage
    self.underlying = underlying
    self.bodyError = bodyError
    self.isOutcomeUnknown = isOutcomeUnknown
  }

  /// The server's error in the failed step, if the server reported one.
  public var postgresError: PostgresError? { underlying as? PostgresError }
}

extension PostgresTransactionError: CustomStringConvertible {
  public var description: String {
    "PostgresTransactionError in \(stage): \(underlying)"
      + (isOutcomeUnknown ? " (outcome unknown)" : "")
      + (bodyError.map { " after \(type(of: $0))" } ?? "")
  }
}
