/// The life of one encrypted connection as a pure value: each event returns what is to be done
/// about it.
///
/// ```
/// idle ─▸ handshaking ─▸ open ─▸ closing ─▸ lingering ─▸ closed
///              │           │                    ▲           ▲
///              └───────────┴── failed ──────────┘           │
///          (from everywhere: the connection ends) ──────────┘
/// ```
struct TLSConnectionStateMachine: Hashable {
  /// Our half of an open connection.
  enum Output: Hashable {
    case open
    /// What was flushed is still going out, then comes close_notify.
    case finishing
    case closed
  }

  enum State: Hashable {
    /// The connection is not established yet.
    case idle
    case handshaking
    case open(isInputOpen: Bool, output: Output)
    /// We were told to close: what was flushed still goes out, input is dropped.
    case closing(isPeerDone: Bool)
    /// Our last byte is written; the peer has until the timer fires to close its side. Without this
    /// pause the kernel could drop our last bytes because the peer's were not read.
    case lingering(isBroken: Bool)
    case closed
  }

  private(set) var state = State.idle

  /// Whether flushed writes may be encrypted now.
  var isEncrypting: Bool {
    switch self.state {
    case .open(_, .open), .open(_, .finishing), .closing: true
    case .idle, .handshaking, .open(_, .closed), .lingering, .closed: false
    }
  }

  /// Whether the handshake waits for bytes that nobody may have asked for.
  var isHandshaking: Bool { self.state == .handshaking }

  /// Whether writes are only kept, because there is no connection to encrypt them for yet.
  var isBeforeOpen: Bool { self.state == .idle || self.state == .handshaking }
}

// MARK: Handshake and input

extension TLSConnectionStateMachine {
  /// The connection is established. Answers whether the handshake starts now.
  mutating func connected() -> Bool {
    guard self.state == .idle else { return false }
    self.state = .handshaking
    return true
  }

  /// The handshake is done.
  mutating func handshakeDone() {
    guard self.state == .handshaking else { return }
    self.state = .open(isInputOpen: true, output: .open)
  }

  enum OnReceive: Hashable {
    case continueHandshake
    case decryptAndDeliver
    /// Only the peer's close_notify is of interest.
    case decryptAndDrop
    case drop
  }

  /// Bytes came from the network.
  func received() -> OnReceive {
    switch self.state {
    case .handshaking: .continueHandshake
    case .open(isInputOpen: true, _): .decryptAndDeliver
    case .closing(isPeerDone: false), .lingering(isBroken: false): .decryptAndDrop
    case .idle, .open(isInputOpen: false, _), .closing, .lingering, .closed: .drop
    }
  }

  enum OnPeerDone: Hashable {
    case reportInputClosed
    case finishOutput
    case closeNow
    case ignore
  }

  /// The peer's close_notify came.
  mutating func peerDone(allowsHalfClosure: Bool) -> OnPeerDone {
    switch self.state {
    case .open(isInputOpen: true, output: .closed):
      self.state = .closed
      return .closeNow
    case .open(isInputOpen: true, let output) where allowsHalfClosure:
      self.state = .open(isInputOpen: false, output: output)
      return .reportInputClosed
    case .open(isInputOpen: true, _):
      self.state = .closing(isPeerDone: true)
      return .finishOutput
    case .closing:
      self.state = .closing(isPeerDone: true)
      return .ignore
    case .lingering:
      self.state = .closed
      return .closeNow
    case .idle, .handshaking, .open(isInputOpen: false, _), .closed:
      return .ignore
    }
  }
}

// MARK: Closing

extension TLSConnectionStateMachine {
  enum OnClose: Hashable {
    /// Encrypt what was flushed, then call ``outputFinished()``.
    case finishOutput
    case closeNow
    /// A close is under way; this one ends with it.
    case join
    /// That side is closed already.
    case alreadyClosed
  }

  /// Both sides are to be closed.
  mutating func closeRequested() -> OnClose {
    switch self.state {
    case .idle, .handshaking, .open(isInputOpen: false, output: .closed):
      self.state = .closed
      return .closeNow
    case .open(let isInputOpen, .open), .open(let isInputOpen, .finishing):
      self.state = .closing(isPeerDone: !isInputOpen)
      return .finishOutput
    case .open(isInputOpen: true, output: .closed):
      self.state = .lingering(isBroken: false)
      return .join
    case .closing, .lingering:
      return .join
    case .closed:
      return .closeNow
    }
  }

  /// Our side is to be closed; reading goes on.
  mutating func closeOutputRequested() -> OnClose {
    switch self.state {
    case .open(let isInputOpen, .open):
      self.state = .open(isInputOpen: isInputOpen, output: .finishing)
      return .finishOutput
    case .idle, .handshaking:
      self.state = .closed
      return .closeNow
    case .open, .closing, .lingering, .closed:
      return .alreadyClosed
    }
  }

  enum OnOutputFinished: Hashable {
    /// Nobody asked to close; there was just nothing left to encrypt.
    case nothing
    case sendCloseNotifyAndEndOutput
    case sendCloseNotifyAndLinger
    case sendCloseNotifyAndClose
  }

  /// Everything flushed has been encrypted.
  mutating func outputFinished() -> OnOutputFinished {
    switch self.state {
    case .open(isInputOpen: true, output: .finishing):
      self.state = .open(isInputOpen: true, output: .closed)
      return .sendCloseNotifyAndEndOutput
    case .open(isInputOpen: false, output: .finishing), .closing(isPeerDone: true):
      self.state = .closed
      return .sendCloseNotifyAndClose
    case .closing(isPeerDone: false):
      self.state = .lingering(isBroken: false)
      return .sendCloseNotifyAndLinger
    case .idle, .handshaking, .open, .lingering, .closed:
      return .nothing
    }
  }

  /// The handshake or the protocol failed. Answers whether that is news, so that it is reported and
  /// the connection lingers for its alert to arrive.
  mutating func failed() -> Bool {
    switch self.state {
    case .idle, .handshaking, .open:
      self.state = .lingering(isBroken: true)
      return true
    case .closing:
      // Nobody waits for input any more, and what is still to be written can no longer be.
      self.state = .lingering(isBroken: true)
      return false
    case .lingering, .closed:
      return false
    }
  }

  enum OnTimer: Hashable {
    case failHandshake
    case closeNow
    case ignore
  }

  /// The timer of the handshake or of the close fired.
  mutating func timerFired() -> OnTimer {
    switch self.state {
    case .handshaking:
      return .failHandshake
    case .closing, .lingering:
      self.state = .closed
      return .closeNow
    case .idle, .open, .closed:
      return .ignore
    }
  }

  enum OnInputEnded: Hashable {
    /// The connection broke off during the handshake.
    case reportHandshakeFailure
    /// The connection broke off without close_notify.
    case reportTruncation
    case nothing
  }

  /// The connection itself ended, or the peer's side of it: nothing more can be read.
  mutating func inputEnded() -> OnInputEnded {
    defer { self.state = .closed }
    switch self.state {
    case .handshaking: return .reportHandshakeFailure
    case .open(isInputOpen: true, _): return .reportTruncation
    case .idle, .open, .closing, .lingering, .closed: return .nothing
    }
  }
}
