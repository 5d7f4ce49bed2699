/// How long to wait before trying again: longer each time, and never equally long for two clients.
public struct Backoff: Sendable, Hashable {
  /// The wait before the first retry. More than zero; 100 ms.
  public var initial: Duration
  /// What each wait is multiplied by for the next. At least 1; 1.6.
  public var factor: Double
  /// The longest wait. At least ``initial``; 10 s.
  public var longest: Duration
  /// How far a wait may be off, as a share of it. 0 to 1; 0.2.
  public var jitter: Double

  /// Makes a schedule.
  public init(
    initial: Duration = .milliseconds(100), factor: Double = 1.6, longest: Duration = .seconds(10),
    jitter: Double = 0.2
  ) {
    precondition(initial > .zero && longest >= initial, "a wait takes time")
    precondition(factor >= 1, "waits do not get shorter")
    precondition((0...1).contains(jitter), "jitter is a share")
    self.initial = initial
    self.factor = factor
    self.longest = longest
    self.jitter = jitter
  }

  /// The wait before a retry: the first is number 1.
  public func delay(
    beforeRetry retry: Int, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    var wait = initial
    for _ in 1..<max(retry, 1) where wait < longest { wait = wait * factor }
    let share = Double.random(in: (1 - jitter)...(1 + jitter), using: &generator)
    return min(wait, longest) * share
  }
}
