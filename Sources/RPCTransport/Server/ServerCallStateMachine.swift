package import RPCCore

/// What a server does with the events of one call.
package struct ServerCallStateMachine: Sendable {
  private enum Requests {
    /// More may come.
    case open
    /// The one request of the call is there; its END is not.
    case whole
    /// END has come.
    case ended
  }

  private let kind: CallKind
  private var requests = Requests.open
  private var hasReply = false
  private var receiveWindow = ReceiveWindow()
  private var sendWindow = SendWindow()

  /// Whether the call's STATUS is out, or its connection gone.
  package private(set) var isEnded = false

  package init(kind: CallKind) { self.kind = kind }

  /// What to do with a MESSAGE frame.
  package enum OnMessage: Sendable, Hashable {
    /// Keep it as the one request of the call.
    case keep
    /// Keep it as the one request of the call, and call the handler.
    case keepAndStart
    /// Call the handler with the request kept before.
    case start
    /// Queue it for the handler.
    case queue(isLast: Bool)
    /// Tell the handler that no request follows.
    case endRequests
    /// End the call with an error.
    case refuse(RefusedRequest)
    /// End the connection.
    case fail(ConnectionError)
  }

  /// Why a call is ended on the shape of its requests alone.
  package enum RefusedRequest: String, Sendable, Hashable {
    /// END came without a request.
    case missing = "The call ended without a request"
    /// A second request came.
    case second = "The method takes one request"
  }

  /// A MESSAGE frame arrived.
  package mutating func receiveMessage(length: Int, flags: FrameFlags) -> OnMessage {
    guard requests != .ended else { return .fail(.violation("A message follows END")) }
    let isLast = flags.contains(.end)
    defer { if isLast { requests = .ended } }
    if flags.contains(.bare) {
      if kind.streamsRequests { return .endRequests }
      return requests == .whole ? .start : .refuse(.missing)
    }
    guard receiveWindow.receive(message: length) else {
      return .fail(.violation("A message without credit for it"))
    }
    if kind.streamsRequests { return .queue(isLast: isLast) }
    guard requests == .open else { return .refuse(.second) }
    requests = .whole
    return isLast ? .keepAndStart : .keep
  }

  /// The handler read a request. Returns the credit to grant, if it is time to.
  package mutating func consume(length: Int) -> UInt32? {
    guard let credit = receiveWindow.consume(message: length), requests != .ended, !isEnded else {
      return nil
    }
    return credit
  }

  /// A CREDIT frame arrived. Returns false where it breaks the rules.
  package mutating func receiveCredit(_ bytes: UInt32) -> Bool { sendWindow.grant(bytes) }

  /// Whether a reply may be sent now.
  package var maySend: Bool { sendWindow.isOpen && !isEnded }

  /// A reply is sent.
  package mutating func send(length: Int) { sendWindow.spend(message: length) }

  /// The one reply of a call. Returns false where it must not be sent: the call has ended.
  package mutating func reply() -> Bool {
    defer { hasReply = true }
    return !isEnded && !hasReply
  }

  /// The call ends. Returns whether its STATUS is to be sent: it is sent once.
  package mutating func end() -> Bool {
    defer { isEnded = true }
    return !isEnded
  }
}
