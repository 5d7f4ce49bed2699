package import RPCCore

/// Decides when a side asks for a sign of life, and when it gives up waiting for one.
package struct KeepAliveStateMachine: Sendable {
  private enum State {
    case quiet
    case waiting(until: Deadline)
  }

  private let interval: Duration
  private let timeout: Duration
  private var state = State.quiet
  private var lastSign: Deadline
  private var count: UInt64 = 0

  package init(interval: Duration, timeout: Duration, now: Deadline) {
    self.interval = interval
    self.timeout = timeout
    self.lastSign = now
  }

  /// Something arrived, whatever it is.
  package mutating func receive(now: Deadline) {
    lastSign = now
    state = .quiet
  }

  /// A PONG arrived. Returns false where nobody asked for it.
  package func receivePong(_ value: UInt64) -> Bool { value >= 1 && value <= count }

  /// What to do at a moment.
  package enum OnTick: Sendable, Hashable {
    /// Look again then.
    case wait(until: Deadline)
    /// Send a PING with this value, and look again then.
    case ping(UInt64, until: Deadline)
    /// The other side is gone.
    case giveUp
  }

  /// The clock moved on.
  package mutating func tick(now: Deadline) -> OnTick {
    switch state {
    case .waiting(let until):
      if now >= until { return .giveUp }
      return .wait(until: until)
    case .quiet:
      let next = lastSign.advanced(by: interval)
      guard now >= next else { return .wait(until: next) }
      count += 1
      let until = now.advanced(by: timeout)
      state = .waiting(until: until)
      return .ping(count, until: until)
    }
  }
}
