package import RPCCore

/// What a caller has used of a rate. One number: the moment at which the bucket will be full again
/// (the generic cell rate algorithm of ITU-T I.371), so that an untouched bucket costs nothing and
/// a delay is exact to the nanosecond.
package struct TokenBucket: Sendable, Hashable {
  /// In nanoseconds of the monotonic clock; in the past where the bucket is full.
  private(set) var fullAt: UInt64 = 0

  package init() {}

  /// How long something of this size has to wait: zero where it may go ahead. What is larger than
  /// the whole bucket waits for a full one, and is paid off after.
  package func delay(of size: Int, within limit: RateLimit, at now: Deadline) -> Duration {
    let now = now.uptimeNanoseconds
    let needed = UInt64(min(size, limit.burst)) * limit.interval
    let end = max(fullAt, now) + needed
    let latest = now + UInt64(limit.burst) * limit.interval
    return end <= latest ? .zero : .nanoseconds(Int64(end - latest))
  }

  /// Takes it out, whether it was there or not.
  package mutating func take(_ size: Int, within limit: RateLimit, at now: Deadline) {
    fullAt = max(fullAt, now.uptimeNanoseconds) + UInt64(size) * limit.interval
  }

  /// Keeps what is missing where the limit changes, instead of how long it would have taken.
  package mutating func change(from old: RateLimit, to new: RateLimit, at now: Deadline) {
    let now = now.uptimeNanoseconds
    guard fullAt > now else { return }
    let missing = min((fullAt - now) / old.interval, UInt64(new.burst))
    fullAt = now + missing * new.interval
  }
}
