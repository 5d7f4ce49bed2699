import RPCCore
import Testing

@Suite("Deadline")
struct DeadlineTests {
  @Test("adds durations, and stays in range")
  func adds() {
    let start = Deadline(uptimeNanoseconds: 5)
    #expect(start.advanced(by: .seconds(2)).uptimeNanoseconds == 2_000_000_005)
    #expect(start.advanced(by: .nanoseconds(7)).uptimeNanoseconds == 12)
    #expect(start.advanced(by: .seconds(-2)) == start)
    #expect(start.advanced(by: .seconds(Int64.max)) == .distantFuture)
    #expect(Deadline.distantFuture.advanced(by: .seconds(1)) == .distantFuture)
  }

  @Test("tells the time left, and zero once it has passed")
  func remaining() {
    let end = Deadline(uptimeNanoseconds: 1_000)
    #expect(end.remaining(at: Deadline(uptimeNanoseconds: 400)) == .nanoseconds(600))
    #expect(end.remaining(at: Deadline(uptimeNanoseconds: 1_000)) == .zero)
    #expect(end.remaining(at: Deadline(uptimeNanoseconds: 2_000)) == .zero)
    #expect(Deadline.distantFuture.remaining > .seconds(1_000_000))
    #expect(!Deadline.after(.seconds(60)).hasPassed)
    #expect(Deadline.after(.zero).hasPassed)
  }
}
