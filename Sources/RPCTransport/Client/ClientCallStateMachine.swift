package import RPCCore

/// What a client does with the events of one streaming call.
package struct ClientCallStateMachine: Sendable {
  private let kind: CallKind
  private var receiveWindow = ReceiveWindow()
  private var sendWindow = SendWindow()
  private var replies = 0

  /// Whether END is out, or no request is to be sent any more.
  package private(set) var requestsEnded = false

  /// Whether the call has ended.
  package private(set) var isEnded = false

  package init(kind: CallKind) { self.kind = kind }

  /// A reply arrived. Returns the rule it breaks, if it does.
  package mutating func receiveMessage(length: Int) -> ConnectionError? {
    guard receiveWindow.receive(message: length) else {
      return .violation("A message without credit for it")
    }
    replies += 1
    guard kind.streamsResponses || replies == 1 else {
      return .violation("A second reply to a call of one")
    }
    return nil
  }

  /// The application read a reply. Returns the credit to grant, if it is time to.
  package mutating func consume(length: Int) -> UInt32? {
    guard let credit = receiveWindow.consume(message: length), !isEnded else { return nil }
    return credit
  }

  /// A CREDIT frame arrived. Returns the rule it breaks, if it does.
  package mutating func receiveCredit(_ bytes: UInt32) -> ConnectionError? {
    sendWindow.grant(bytes) ? nil : .violation("A grant of credit beyond the greatest window")
  }

  /// What to do with a request that is to be sent.
  package enum OnSend: Sendable, Hashable {
    /// Send it.
    case send
    /// Keep it until there is credit.
    case wait
    /// Drop it: the call has ended, or said that no request follows.
    case drop
  }

  /// A request is to be sent.
  package mutating func send(length: Int) -> OnSend {
    guard !isEnded, !requestsEnded else { return .drop }
    guard sendWindow.isOpen else { return .wait }
    sendWindow.spend(message: length)
    return .send
  }

  /// No request follows. Returns whether to say so.
  package mutating func endRequests() -> Bool {
    defer { requestsEnded = true }
    return !requestsEnded && !isEnded
  }

  /// The call ended. Returns false where it had before.
  package mutating func end() -> Bool {
    defer { isEnded = true }
    return !isEnded
  }
}
