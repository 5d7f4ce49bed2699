import Testing

@testable import ClinicServer

@Suite("Login throttle")
struct LoginThrottleTests {
  @Test(
    "asks for nothing at first, then for twice as long each time, up to a quarter of an hour",
    arguments: [
      (LoginThrottle.Kind.account, 0, 0), (.account, 5, 0), (.account, 6, 5), (.account, 7, 10),
      (.account, 10, 80), (.account, 13, 640), (.account, 14, 900), (.account, 1_000_000, 900),
      (.account, -3, 0), (.place, 20, 0), (.place, 21, 5), (.place, 40, 900),
      (.address, 200, 0), (.address, 201, 5), (.address, 220, 900)
    ])
  func delays(kind: LoginThrottle.Kind, failures: Int, seconds: Int) {
    let delay = LoginThrottle.delay(kind: kind, failures: failures, sinceLast: .zero)
    #expect(delay == .seconds(seconds))
  }

  @Test(
    "lets the wait run out, and forgets after a day",
    arguments: [
      (-5, 80), (0, 80), (30, 50), (80, 0), (100, 0), (86_400, 0), (1_000_000, 0)
    ])
  func runsOut(sinceLast: Int, seconds: Int) {
    let delay = LoginThrottle.delay(
      kind: .account, failures: 10, sinceLast: .seconds(sinceLast))
    #expect(delay == .seconds(seconds))
  }

  @Test("forgets an address, which many share, after an hour")
  func address() {
    func delay(_ seconds: Int) -> Duration {
      LoginThrottle.delay(kind: .address, failures: 220, sinceLast: .seconds(seconds))
    }
    #expect(delay(800) == .seconds(100))
    #expect(delay(3_600) == .zero)
  }

  @Test("keeps an attacker of one account below 150 guesses a day")
  func budget() {
    var time = Duration.zero
    var failures = 0
    while time < LoginThrottle.Kind.account.memory {
      time += LoginThrottle.delay(kind: .account, failures: failures, sinceLast: .zero)
      failures += 1
    }
    #expect(failures < 150)
  }
}
