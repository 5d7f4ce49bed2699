internal import Glibc

/// A moment on this machine's monotonic clock by which a call ends.
public struct Deadline: Sendable, Hashable, Comparable {
  /// Nanoseconds on `CLOCK_MONOTONIC`.
  public let uptimeNanoseconds: UInt64

  /// A moment on the monotonic clock.
  @inlinable
  public init(uptimeNanoseconds: UInt64) { self.uptimeNanoseconds = uptimeNanoseconds }

  /// A moment that never comes.
  public static let distantFuture = Deadline(uptimeNanoseconds: .max)

  /// This moment.
  public static var now: Deadline {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Deadline(uptimeNanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// The moment that lies `duration` ahead; now, for a negative duration.
  public static func after(_ duration: Duration) -> Deadline { now.advanced(by: duration) }

  /// The moment `duration` later: this one, for a negative duration.
  public func advanced(by duration: Duration) -> Deadline {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return self }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = uptimeNanoseconds.addingReportingOverflow(product)
    let (end, last) = sum.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
    return overflow || carry || last ? .distantFuture : Deadline(uptimeNanoseconds: end)
  }

  /// Whether the moment has come.
  public var hasPassed: Bool { Deadline.now >= self }

  /// The time left: zero when the moment has come.
  public var remaining: Duration { remaining(at: .now) }

  /// The time left at another moment: zero when this one comes first.
  public func remaining(at moment: Deadline) -> Duration {
    guard self > moment else { return .zero }
    return .nanoseconds(
      Int64(clamping: uptimeNanoseconds - moment.uptimeNanoseconds))
  }

  @inlinable
  public static func < (lhs: Deadline, rhs: Deadline) -> Bool {
    lhs.uptimeNanoseconds < rhs.uptimeNanoseconds
  }
}
