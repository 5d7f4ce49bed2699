import RPCCore
import Testing

@testable import ClinicServer

@Suite("Token buckets")
struct TokenBucketTests {
  private let start = Deadline(uptimeNanoseconds: 5_000_000_000)

  @Test(
    "let a burst through at once, then what comes back in a second",
    arguments: [(1, 1), (10, 10), (10, 100), (1_000, 3), (333, 333)])
  func burstThenRate(rate: Int, burst: Int) {
    let limit = RateLimit(perSecond: rate, burst: burst)
    var bucket = TokenBucket()
    for _ in 0..<burst {
      #expect(bucket.delay(of: 1, within: limit, at: start) == .zero)
      bucket.take(1, within: limit, at: start)
    }
    #expect(bucket.delay(of: 1, within: limit, at: start) > .zero)
    // In the ten seconds after, ten times the rate and no more.
    var taken = 0
    for step in 1...10_000 {
      let now = start.advanced(by: .milliseconds(step))
      while bucket.delay(of: 1, within: limit, at: now) == .zero {
        bucket.take(1, within: limit, at: now)
        taken += 1
      }
    }
    #expect(abs(taken - 10 * rate) <= 1)
  }

  @Test("name the exact delay: a nanosecond before it is too early", arguments: UInt64(0)..<200)
  func exactDelay(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let limit = RateLimit(
      perSecond: random.next(in: 1...5_000),
      burst: random.next(in: 1...10_000))
    var bucket = TokenBucket()
    var now = start
    for _ in 0..<100 {
      let size = random.next(in: 1...300)
      let delay = bucket.delay(of: size, within: limit, at: now)
      if delay > .zero {
        let early = now.advanced(by: delay - .nanoseconds(1))
        #expect(bucket.delay(of: size, within: limit, at: early) == .nanoseconds(1), "seed \(seed)")
        now = now.advanced(by: delay)
      }
      #expect(bucket.delay(of: size, within: limit, at: now) == .zero, "seed \(seed)")
      bucket.take(size, within: limit, at: now)
      now = now.advanced(by: .microseconds(random.next(in: 0...50_000)))
    }
  }

  @Test("let what is larger than a burst through when full, and have it paid off")
  func larger() {
    let limit = RateLimit(perSecond: 10, burst: 20)
    var bucket = TokenBucket()
    #expect(bucket.delay(of: 100, within: limit, at: start) == .zero)
    bucket.take(100, within: limit, at: start)
    #expect(bucket.delay(of: 1, within: limit, at: start) == .milliseconds(8_100))
    #expect(bucket.delay(of: 100, within: limit, at: start) == .seconds(10))
  }

  @Test("keep what is missing when the limit changes")
  func change() {
    let old = RateLimit(perSecond: 1, burst: 10)
    let new = RateLimit(perSecond: 1_000, burst: 10)
    var bucket = TokenBucket()
    bucket.take(10, within: old, at: start)
    #expect(bucket.delay(of: 1, within: old, at: start) == .seconds(1))
    bucket.change(from: old, to: new, at: start)
    #expect(bucket.delay(of: 1, within: new, at: start) == .milliseconds(1))
  }

  @Test(
    "are written as they are read",
    arguments: [
      "none", "calls=1/1", "calls=100/1000,cost=5/7,day-calls=9,day-cost=1000000000000",
      "day-cost=3"
    ])
  func text(text: String) {
    #expect(CallLimits(text)?.description == text)
  }

  @Test("have a burst of ten seconds where none is given")
  func standardBurst() {
    #expect(CallLimits("calls=50")?.calls == RateLimit(perSecond: 50, burst: 500))
  }

  @Test(
    "refuse what is no limit",
    arguments: [
      "", "calls", "calls=", "calls=0", "calls=-1", "calls=1/", "calls=1/2/3", "calls=1,calls=2",
      "day-calls=1/2", "speed=1", "calls=1000000000001", "calls=1,", "none,calls=1"
    ])
  func badText(text: String) {
    #expect(CallLimits(text) == nil)
  }
}
