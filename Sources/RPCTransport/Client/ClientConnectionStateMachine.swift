internal import RPCCore

/// What a client does with the events of a connection as a whole.
///
/// `open` → `leaving` (no new calls; those in progress end) → `closing` (whatever arrives is
/// dropped). Errors go straight to `closing`.
package struct ClientConnectionStateMachine: Sendable {
  private enum State {
    case open
    case leaving
    case closing
  }

  private var state = State.open
  /// The highest call id sent.
  private var lastCallID: UInt32 = 0

  package init() {}

  /// Whether everything that arrives is dropped.
  package var isClosing: Bool { state == .closing }

  /// A CALL frame goes out.
  package mutating func open(callID: UInt32) { lastCallID = callID }

  /// What to do with a frame of a call.
  package enum OnCallFrame: Sendable, Hashable {
    /// Give it to the call.
    case deliver
    /// Drop it: the call was given up, and the server could not know.
    case discard
    /// End the connection.
    case fail(ConnectionError)
  }

  /// A MESSAGE, STATUS or CREDIT frame arrived for a call that is open here or not.
  package func receiveFrame(callID: UInt32, isOpen: Bool) -> OnCallFrame {
    if state == .closing { return .discard }
    if isOpen { return .deliver }
    return callID <= lastCallID ? .discard : .fail(.violation("Call \(callID) was never opened"))
  }

  /// What to do with a GOAWAY frame.
  package enum OnGoAway: Sendable, Hashable {
    /// End the calls above the last id as not started, and wait for the others.
    case refuseCalls(above: UInt32)
    /// End all calls: those above the last id as not started, the others with the error.
    case endAll(above: UInt32)
  }

  /// A GOAWAY frame arrived.
  package mutating func receiveGoAway(lastCallID: UInt32, isError: Bool) -> OnGoAway {
    state = isError ? .closing : .leaving
    return isError ? .endAll(above: lastCallID) : .refuseCalls(above: lastCallID)
  }

  /// The owner opens no more calls.
  package mutating func leave() {
    if state == .open { state = .leaving }
  }

  /// Whether to close, now that this many calls are in progress.
  package mutating func shouldClose(callsInProgress: Int) -> Bool {
    guard state == .leaving, callsInProgress == 0 else { return false }
    state = .closing
    return true
  }

  /// The other side broke the rules. Returns whether to say so: once.
  package mutating func fail() -> Bool {
    defer { state = .closing }
    return state != .closing
  }
}
