internal import RPCCore

/// Which failed calls are tried again, and when.
///
/// A call is tried again only if no server started it, or if its contract (or its caller) says
/// that a second time does no harm. A call that a limit refused was not started: it is tried again
/// when the server says that it may, if that is before its deadline.
public struct RetryPolicy: Sendable, Hashable {
  /// Attempts in all, the first included. 1 to 10; 4.
  public var attempts: Int
  /// The waits between attempts, where the server does not say how long.
  public var backoff: Backoff

  /// Makes a policy.
  public init(attempts: Int = 4, backoff: Backoff = Backoff()) {
    precondition((1...10).contains(attempts), "attempts are 1 to 10")
    self.attempts = attempts
    self.backoff = backoff
  }

  /// Never tries again.
  public static let never = RetryPolicy(attempts: 1)

  /// The wait before the next attempt, or nil where there is none.
  func delay(
    after error: RPCError, attempt: Int, isIdempotent: Bool,
    using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard attempt < attempts else { return nil }
    let mayHelp =
      error.code == .unavailable || (error.code == .resourceExhausted && error.retryDelay != nil)
    guard error.wasNotStarted || (mayHelp && isIdempotent) else { return nil }
    return error.retryDelay ?? backoff.delay(beforeRetry: attempt, using: &generator)
  }
}

extension RPCError {
  /// Whether no server has started the call.
  var wasNotStarted: Bool {
    cause is CallNotStarted || cause is ConnectFailure
      || code == .resourceExhausted && reason.map(Self.refusals.contains) == true
  }

  /// Reasons of refusals before anything is done.
  private static let refusals: Set = [
    "TOO_MANY_CALLS", "RATE_LIMITED", "QUOTA_EXCEEDED", "QUEUE_FULL"
  ]
}

extension MethodDescriptor {
  /// Whether a second call does no harm.
  func isIdempotent(_ options: CallOptions) -> Bool {
    options.isIdempotent ?? (policy.idempotency != .none)
  }
}
