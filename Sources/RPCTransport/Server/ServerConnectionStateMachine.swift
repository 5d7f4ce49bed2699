internal import RPCCore

/// What a server does with the events of a connection as a whole.
///
/// `serving` → `draining` (no new calls; those in progress end) → `closing` (a last GOAWAY is out;
/// whatever arrives is dropped). Errors go straight to `closing`.
package struct ServerConnectionStateMachine: Sendable {
  private enum State {
    case serving
    case draining
    case closing
  }

  private var state = State.serving
  private let callLimit: Int
  /// The highest call id seen.
  private var lastCallID: UInt32 = 0
  /// Calls whose handler has not returned, ended or not.
  package private(set) var callsInProgress = 0

  package init(callLimit: Int) { self.callLimit = callLimit }

  /// Whether new calls are served.
  package var isServing: Bool { state == .serving }

  /// Whether everything that arrives is dropped.
  package var isClosing: Bool { state == .closing }

  /// What to do with a CALL frame.
  package enum OnCall: Sendable, Hashable {
    /// Open the call.
    case open
    /// End it at once: too many are in progress.
    case refuse
    /// Say nothing: GOAWAY has told the caller.
    case discard
    /// End the connection.
    case fail(ConnectionError)
  }

  /// A CALL frame arrived.
  package mutating func receiveCall(id: UInt32) -> OnCall {
    if state == .closing { return .discard }
    guard id > lastCallID else {
      return .fail(.violation("Call \(id) does not follow \(lastCallID)"))
    }
    lastCallID = id
    if state == .draining { return .discard }
    guard callsInProgress < callLimit else { return .refuse }
    callsInProgress += 1
    return .open
  }

  /// What to do with a MESSAGE, CREDIT or CANCEL frame.
  package enum OnCallFrame: Sendable, Hashable {
    /// Give it to the call.
    case deliver
    /// Drop it: the call has ended, and the caller could not know.
    case discard
    /// End the connection.
    case fail(ConnectionError)
  }

  /// A MESSAGE, CREDIT or CANCEL frame arrived for a call that is open here or not.
  package func receiveFrame(callID: UInt32, isOpen: Bool) -> OnCallFrame {
    if state == .closing { return .discard }
    if isOpen { return .deliver }
    return callID <= lastCallID ? .discard : .fail(.violation("Call \(callID) was never opened"))
  }

  /// What to do when a handler has returned.
  package enum OnFinish: Sendable, Hashable {
    /// Go on.
    case none
    /// It was the last one: close.
    case close
  }

  /// A handler returned, or a call ended before its handler was called.
  package mutating func finishCall() -> OnFinish {
    callsInProgress -= 1
    return state == .draining && callsInProgress == 0 ? close() : .none
  }

  /// What to do to drain.
  package enum OnDrain: Sendable, Hashable {
    /// It is on its way already.
    case none
    /// Send GOAWAY with this last call id, then wait for the calls in progress.
    case announce(lastCallID: UInt32)
    /// Send GOAWAY with this last call id and close.
    case announceAndClose(lastCallID: UInt32)
  }

  /// The server stops, or the connection was idle for too long.
  package mutating func drain() -> OnDrain {
    guard state == .serving else { return .none }
    state = .draining
    guard callsInProgress == 0 else { return .announce(lastCallID: lastCallID) }
    state = .closing
    return .announceAndClose(lastCallID: lastCallID)
  }

  /// The client announced that it opens no more calls.
  package mutating func receiveGoAway() -> OnFinish {
    guard state == .serving else { return .none }
    state = .draining
    return callsInProgress == 0 ? close() : .none
  }

  /// The other side broke the rules. Returns the last call id for the GOAWAY frame to send before
  /// closing, or nil where one was sent already.
  package mutating func fail() -> UInt32? {
    guard state != .closing else { return nil }
    state = .closing
    return lastCallID
  }

  private mutating func close() -> OnFinish {
    state = .closing
    return .close
  }
}
