/// How long to wait before a process that died is started again: twice as long each time, and from
/// the beginning once it has run for a while.
struct RestartBackoff: Sendable, Equatable {
  /// The first wait.
  var first = Duration.milliseconds(100)
  /// The longest wait.
  var longest = Duration.seconds(15)
  /// A run as long as this counts as a success.
  var stable = Duration.seconds(60)

  private var next: Duration?

  init() {}

  /// The wait after a run that lasted `lifetime`.
  mutating func delay(afterRunOf lifetime: Duration) -> Duration {
    if lifetime >= stable { next = nil }
    let delay = next ?? first
    next = min(delay * 2, longest)
    return delay
  }
}
