/// How often a transaction's body runs again after a serialization failure or a deadlock.
public struct PostgresRetryPolicy: Hashable, Sendable {
  /// How often the body runs at most, 1 to 100.
  public var attempts: Int
  /// The first pause; each further one is twice as long, drawn between zero and that.
  public var firstDelay: Duration
  /// The longest pause.
  public var longestDelay: Duration

  /// A policy; the number of attempts is clamped to its range.
  public init(
    attempts: Int, firstDelay: Duration = .milliseconds(2),
    longestDelay: Duration = .milliseconds(200)
  ) {
    self.attempts = min(max(attempts, 1), 100)
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
  }

  /// Five attempts.
  public static let `default` = PostgresRetryPolicy(attempts: 5)
  /// One attempt.
  public static let never = PostgresRetryPolicy(attempts: 1)

  /// The pause before the attempt after the given one (from 1), full jitter.
  func delay(after attempt: Int) -> Duration {
    let longest = min(firstDelay * (1 << min(attempt - 1, 20)), longestDelay)
    return longest * Double.random(in: 0...1)
  }
}
