import Glibc

/// Nanoseconds of CLOCK_MONOTONIC: what the I/O thread counts deadlines in.
struct MonotonicTime: Hashable, Comparable, Sendable {
  var nanoseconds: UInt64

  static let distantFuture = MonotonicTime(nanoseconds: .max)

  static func now() -> MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// The same moment as an instant of Swift's clock; the distant future for nil.
  init(_ instant: ContinuousClock.Instant?) {
    guard let instant else {
      self = .distantFuture
      return
    }
    self = .now() + ContinuousClock.now.duration(to: instant)
  }

  init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

  /// Saturates at both ends.
  static func + (lhs: Self, rhs: Duration) -> Self {
    let (seconds, attoseconds) = rhs.components
    if seconds > 1_000_000_000 { return .distantFuture }
    if seconds < 0 || attoseconds < 0 { return MonotonicTime(nanoseconds: 0) }
    let delta = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
    let (sum, overflow) = lhs.nanoseconds.addingReportingOverflow(delta)
    return overflow ? .distantFuture : MonotonicTime(nanoseconds: sum)
  }

  /// Milliseconds from now until this time, rounded up, for poll and epoll; -1 for never.
  func pollTimeout(from now: MonotonicTime) -> Int32 {
    if self == .distantFuture { return -1 }
    if self <= now { return 0 }
    return Int32(clamping: (nanoseconds - now.nanoseconds + 999_999) / 1_000_000)
  }
}
