package import RPCCore
internal import Synchronization
internal import Glibc

/// The day (UTC) that usage is counted for, for the price of one comparison.
package final class DayClock: Sendable {
  private let day = Atomic<Int32>(0)
  /// When the day ends, in nanoseconds of the monotonic clock.
  private let end = Atomic<UInt64>(0)

  package init() {}

  /// The days since 1970 at a moment that is now.
  package func day(at now: Deadline) -> Int32 {
    // The end is written after its day: whoever sees the end sees the day.
    if now.uptimeNanoseconds < end.load(ordering: .acquiring) {
      return day.load(ordering: .relaxed)
    }
    return adjust(at: now)
  }

  /// Reads the wall clock, which may have been set since.
  @discardableResult
  package func adjust(at now: Deadline = .now) -> Int32 {
    let (today, left) = Self.wallClock()
    day.store(today, ordering: .relaxed)
    end.store(now.uptimeNanoseconds + left, ordering: .releasing)
    return today
  }

  /// The time until the next day.
  package static func untilTomorrow() -> Duration { .nanoseconds(Int64(wallClock().left)) }

  private static func wallClock() -> (day: Int32, left: UInt64) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let (day, second) = time.tv_sec.quotientAndRemainder(dividingBy: 86_400)
    let left = UInt64(86_400 - second) * 1_000_000_000 - UInt64(time.tv_nsec)
    return (Int32(clamping: day), left)
  }
}
