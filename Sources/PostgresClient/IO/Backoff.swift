/// Pauses between attempts: doubling, each drawn from its upper half so that clients spread out.
struct Backoff {
  private let range: ClosedRange<Duration>
  private var current: Duration

  init(_ range: ClosedRange<Duration>) {
    self.range = range
    current = range.lowerBound
  }

  /// The next pause.
  mutating func next() -> Duration {
    let pause = current * Double.random(in: 0.5...1)
    current = min(current * 2, range.upperBound)
    return pause
  }

  /// After a success the next pause is the shortest again.
  mutating func reset() { current = range.lowerBound }
}
