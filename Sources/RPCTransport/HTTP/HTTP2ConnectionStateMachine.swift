package import RPCCore

/// What a server does with the events of an HTTP/2 connection as a whole, apart from frames that
/// break rules, which the HTTP/2 codec answers by itself.
///
/// `serving` → `announced` (a GOAWAY that names no stream, and a PING to learn that the caller has
/// read it) → `draining` (a GOAWAY with the last stream; those in progress end) → `closed`.
package struct HTTP2ConnectionStateMachine: Sendable {
  private enum State {
    case serving
    case announced(giveUp: Deadline)
    case draining
    case closed
  }

  private let idleTimeout: Duration
  private let ackTimeout: Duration
  private var state = State.serving
  private var openStreams = 0
  /// The greatest stream id seen.
  package private(set) var lastStreamID: Int32 = 0
  private var idleSince: Deadline

  package init(idleTimeout: Duration, ackTimeout: Duration, now: Deadline) {
    self.idleTimeout = idleTimeout
    self.ackTimeout = ackTimeout
    self.idleSince = now
  }

  /// What to do.
  package enum Action: Sendable, Hashable {
    /// Go on.
    case none
    /// Send GOAWAY with the greatest id there is, and a PING.
    case announce
    /// Send GOAWAY with this id.
    case lastCall(Int32)
    /// Send GOAWAY with this id, and close.
    case lastCallAndClose(Int32)
    /// Close.
    case close
  }

  /// A stream was opened.
  package mutating func openStream(id: Int32) {
    openStreams += 1
    lastStreamID = max(lastStreamID, id)
  }

  /// A stream is gone.
  package mutating func closeStream(now: Deadline) -> Action {
    openStreams -= 1
    idleSince = now
    guard openStreams == 0, case .draining = state else { return .none }
    state = .closed
    return .close
  }

  /// The server stops, or the connection is to end for another reason.
  package mutating func drain(now: Deadline) -> Action {
    guard case .serving = state else { return .none }
    state = .announced(giveUp: now.advanced(by: ackTimeout))
    return .announce
  }

  /// The caller has read the announcement.
  package mutating func receiveAck() -> Action {
    guard case .announced = state else { return .none }
    state = openStreams == 0 ? .closed : .draining
    return openStreams == 0 ? .lastCallAndClose(lastStreamID) : .lastCall(lastStreamID)
  }

  /// The clock moved on. Returns when to look again.
  package mutating func tick(now: Deadline) -> (Action, next: Deadline) {
    switch state {
    case .serving where openStreams == 0:
      let end = idleSince.advanced(by: idleTimeout)
      guard now >= end else { return (.none, end) }
      return (drain(now: now), now.advanced(by: ackTimeout))
    case .announced(let giveUp):
      return now >= giveUp ? (receiveAck(), .distantFuture) : (.none, giveUp)
    default:
      return (.none, now.advanced(by: idleTimeout))
    }
  }
}
