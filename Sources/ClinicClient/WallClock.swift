internal import Glibc

/// The computer's clock.
package enum WallClock {
  /// The seconds since 1970.
  package static let seconds: @Sendable () -> Int64 = { Int64(time(nil)) }
}
