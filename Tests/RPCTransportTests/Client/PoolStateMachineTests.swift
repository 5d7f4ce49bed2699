import RPCCore
import Testing

@testable import RPCTransport

@Suite("Connection pool states")
struct PoolStateMachineTests {
  private typealias Machine = PoolStateMachine<String>

  private func moment(_ seconds: Int) -> Deadline {
    Deadline(uptimeNanoseconds: UInt64(seconds) * 1_000_000_000)
  }

  private func acquire(
    _ machine: inout Machine, at seconds: Int = 1, broken: Set<String> = [], busy: Set<String> = [],
    near: Set<String> = []
  ) -> String {
    let action = machine.acquire(
      now: moment(seconds), isUsable: { !broken.contains($0) }, isBusy: { busy.contains($0) },
      isNear: { near.contains($0) })
    return switch action {
    case .use(let connection): "use \(connection)"
    case .useAndConnect(let connection, let slot): "use \(connection), connect \(slot)"
    case .connect(let slot): "connect \(slot)"
    case .wait: "wait"
    case .sleep(let until): "sleep \(until.uptimeNanoseconds / 1_000_000_000)"
    case .closed: "closed"
    }
  }

  @Test("connects once for any number of callers")
  func connectsOnce() {
    var machine = Machine(size: 3)
    #expect(acquire(&machine) == "connect 0")
    #expect(acquire(&machine) == "wait")
    #expect(machine.succeed(0, "a") == true)
    #expect(acquire(&machine) == "use a")
  }

  @Test("opens another connection beside a busy one, as long as there is room")
  func grows() {
    var machine = Machine(size: 2)
    _ = acquire(&machine)
    _ = machine.succeed(0, "a")
    #expect(acquire(&machine, busy: ["a"]) == "use a, connect 1")
    #expect(acquire(&machine, busy: ["a"]) == "use a")
    _ = machine.succeed(1, "b")
    #expect(acquire(&machine, busy: ["a", "b"]) == "use b")
    #expect(acquire(&machine, busy: ["a", "b"]) == "use a")
  }

  @Test("takes turns, and prefers a connection that is near")
  func turns() {
    var machine = Machine(size: 2)
    _ = acquire(&machine)
    _ = machine.succeed(0, "a")
    _ = acquire(&machine, busy: ["a"])
    _ = machine.succeed(1, "b")
    #expect(Set([acquire(&machine), acquire(&machine)]) == ["use a", "use b"])
    for _ in 0..<3 { #expect(acquire(&machine, near: ["b"]) == "use b") }
  }

  @Test("waits longer after each failure, and starts over after a success")
  func backsOff() {
    var machine = Machine(size: 2)
    #expect(acquire(&machine, at: 1) == "connect 0")
    machine.fail(0, now: moment(1)) { .seconds(10 * $0) }
    #expect(acquire(&machine, at: 2) == "sleep 11")
    #expect(acquire(&machine, at: 11) == "connect 0")
    machine.fail(0, now: moment(11)) { .seconds(10 * $0) }
    #expect(machine.failures(of: 0) == 2)
    #expect(acquire(&machine, at: 12) == "sleep 31")
    #expect(acquire(&machine, at: 31) == "connect 0")
    _ = machine.succeed(0, "a")
    #expect(machine.failures(of: 0) == 0)
  }

  @Test("replaces a connection that takes no more calls")
  func replaces() {
    var machine = Machine(size: 1)
    _ = acquire(&machine)
    _ = machine.succeed(0, "a")
    #expect(acquire(&machine, broken: ["a"]) == "connect 0")
    _ = machine.succeed(0, "b")
    #expect(acquire(&machine, broken: ["a"]) == "use b")
  }

  @Test("gives back its connections when it is closed, and opens none after")
  func closes() {
    var machine = Machine(size: 2)
    _ = acquire(&machine)
    _ = machine.succeed(0, "a")
    #expect(machine.close() == ["a"])
    #expect(acquire(&machine) == "closed")
    #expect(machine.succeed(1, "b") == false)
  }
}

@Suite("Retries")
struct RetryPolicyTests {
  private static let lost = RPCError.unavailable("lost")
  private static let notStarted = RPCError.unavailable("refused", cause: CallNotStarted())

  @Test("waits longer each time, up to the longest wait, give or take the jitter")
  func backoff() {
    let backoff = Backoff(
      initial: .milliseconds(100), factor: 2, longest: .seconds(1), jitter: 0.25)
    var generator = SeededGenerator(seed: 1)
    for (retry, expected) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000), (90, 1_000)] {
      for _ in 0..<50 {
        let delay = backoff.delay(beforeRetry: retry, using: &generator)
        #expect(delay >= .milliseconds(expected) * 0.75 && delay <= .milliseconds(expected) * 1.25)
      }
    }
  }

  @Test("tries again what was not started, and what the contract calls harmless")
  func decides() {
    let policy = RetryPolicy(attempts: 3)
    var generator = SeededGenerator(seed: 2)
    func retries(_ error: RPCError, _ attempt: Int, _ isIdempotent: Bool) -> Bool {
      policy.delay(after: error, attempt: attempt, isIdempotent: isIdempotent, using: &generator)
        != nil
    }
    #expect(retries(Self.lost, 1, true))
    #expect(!retries(Self.lost, 1, false))
    #expect(retries(Self.notStarted, 1, false))
    #expect(retries(Self.notStarted, 2, false))
    #expect(!retries(Self.notStarted, 3, false))
    #expect(!retries(.deadlineExceeded(), 1, true))
    #expect(!retries(.notFound("x"), 1, true))
    #expect(retries(.resourceExhausted("x", reason: "TOO_MANY_CALLS"), 1, false))
    #expect(!retries(.resourceExhausted("x", reason: "THROTTLED"), 1, true))
    for reason in ["RATE_LIMITED", "QUOTA_EXCEEDED", "QUEUE_FULL"] {
      #expect(retries(.resourceExhausted("x", reason: reason), 1, false))
    }
    let later = RPCError.resourceExhausted("x", reason: "THROTTLED", retryAfter: .seconds(1))
    #expect(retries(later, 1, true) && !retries(later, 1, false))
  }

  @Test("waits as long as the server says")
  func retryAfter() {
    var generator = SeededGenerator(seed: 3)
    let error = RPCError.unavailable("busy", retryAfter: .milliseconds(1_500))
    let delay = RetryPolicy().delay(
      after: error, attempt: 1, isIdempotent: true, using: &generator)
    #expect(delay == .milliseconds(1_500))
  }
}
