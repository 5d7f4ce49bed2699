package import FoundationEssentials
internal import Synchronization

/// Time-ordered UUIDs of version 7 (RFC 9562 §5.7): 48 bits of Unix time in milliseconds, then a
/// 12-bit counter (§6.2, method 1), then 62 random bits.
package enum UUIDv7 {
  /// Makes ids that grow in the order in which they are made, also when the clock goes back.
  package struct Generator: Sendable {
    private var milliseconds: UInt64 = 0
    private var counter: UInt16 = 0

    package init() {}

    /// The next id.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - random: 64 fresh random bits.
    ///   - seed: 16 more, where the counter starts in a new millisecond.
    package mutating func next(at now: UInt64, random: UInt64, seed: UInt16) -> UUID {
      if now > milliseconds {
        milliseconds = now
        // Half of the counter's range is kept free for the ids of this millisecond.
        counter = seed & 0x7FF
      } else if counter < 0xFFF {
        counter += 1
      } else {
        // Used up: borrow from the next millisecond.
        milliseconds += 1
        counter = 0
      }
      return UUIDv7.assemble(milliseconds: milliseconds, counter: counter, random: random)
    }
  }

  private static let shared = Mutex(Generator())

  /// The next id of this process.
  package static func make() -> UUID {
    // Drawn outside of the lock: these are system calls.
    let random = UInt64.random(in: 0...UInt64.max)
    let seed = UInt16.random(in: 0...UInt16.max)
    let now = currentMilliseconds()
    return shared.withLock { $0.next(at: now, random: random, seed: seed) }
  }

  /// The time of a version 7 id, in milliseconds since 1970; nil for other versions.
  package static func milliseconds(of id: UUID) -> UInt64? {
    let bytes = id.uuid
    guard bytes.6 >> 4 == 7, bytes.8 >> 6 == 2 else { return nil }
    return [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5].reduce(0) {
      $0 << 8 | UInt64($1)
    }
  }

  /// The least id of a moment, as a bound for searches by time.
  package static func lowerBound(milliseconds: UInt64) -> UUID {
    assemble(milliseconds: milliseconds, counter: 0, random: 0)
  }

  private static func currentMilliseconds() -> UInt64 {
    UInt64(max(0, Date.now.timeIntervalSince1970 * 1000))
  }

  private static func assemble(milliseconds: UInt64, counter: UInt16, random: UInt64) -> UUID {
    let high = (milliseconds << 16 | 0x7000 | UInt64(counter)).bigEndian
    let low = (random & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000).bigEndian
    return withUnsafeBytes(of: (high, low)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }
}
