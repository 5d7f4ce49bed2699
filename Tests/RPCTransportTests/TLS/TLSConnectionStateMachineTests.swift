import Testing

@testable import RPCTransport

@Suite("TLS connection state machine")
struct TLSConnectionStateMachineTests {
  typealias Machine = TLSConnectionStateMachine

  private static func open() -> Machine {
    var machine = Machine()
    _ = machine.connected()
    machine.handshakeDone()
    return machine
  }

  @Test("starts one handshake, when the connection is established")
  func start() {
    var machine = Machine()
    #expect(machine.isBeforeOpen)
    #expect(machine.received() == .drop)
    #expect(machine.connected() == true)
    #expect(machine.connected() == false)
    #expect(machine.received() == .continueHandshake)
    #expect(!machine.isEncrypting)
    machine.handshakeDone()
    #expect(machine.received() == .decryptAndDeliver)
    #expect(machine.isEncrypting)
  }

  @Test("a close says goodbye, then waits for the peer's goodbye")
  func close() {
    var machine = Self.open()
    #expect(machine.closeRequested() == .finishOutput)
    #expect(machine.isEncrypting, "what was flushed still goes out")
    #expect(machine.closeRequested() == .join)
    #expect(machine.outputFinished() == .sendCloseNotifyAndLinger)
    #expect(machine.received() == .decryptAndDrop)
    #expect(machine.peerDone(allowsHalfClosure: false) == .closeNow)
    #expect(machine.state == .closed)
    #expect(machine.inputEnded() == .nothing)
  }

  @Test("a close does not wait longer than its timer")
  func closeTimer() {
    var machine = Self.open()
    _ = machine.closeRequested()
    _ = machine.outputFinished()
    #expect(machine.timerFired() == .closeNow)
    #expect(machine.state == .closed)
  }

  @Test("the peer's goodbye is answered and ends the connection")
  func peerDone() {
    var machine = Self.open()
    #expect(machine.peerDone(allowsHalfClosure: false) == .finishOutput)
    #expect(machine.outputFinished() == .sendCloseNotifyAndClose)
    #expect(machine.state == .closed)
  }

  @Test("with half closure, the peer's goodbye leaves our side open")
  func halfClosureByPeer() {
    var machine = Self.open()
    #expect(machine.peerDone(allowsHalfClosure: true) == .reportInputClosed)
    #expect(machine.received() == .drop)
    #expect(machine.isEncrypting)
    #expect(machine.outputFinished() == .nothing)
    #expect(machine.closeOutputRequested() == .finishOutput)
    #expect(machine.outputFinished() == .sendCloseNotifyAndClose)
  }

  @Test("closing our side leaves the peer's open")
  func halfClosureByUs() {
    var machine = Self.open()
    #expect(machine.closeOutputRequested() == .finishOutput)
    #expect(machine.closeOutputRequested() == .alreadyClosed)
    #expect(machine.outputFinished() == .sendCloseNotifyAndEndOutput)
    #expect(!machine.isEncrypting)
    #expect(machine.received() == .decryptAndDeliver)
    #expect(machine.peerDone(allowsHalfClosure: true) == .closeNow)
  }

  @Test("a full close after closing our side only waits for the peer")
  func fullCloseAfterHalf() {
    var machine = Self.open()
    _ = machine.closeOutputRequested()
    _ = machine.outputFinished()
    #expect(machine.closeRequested() == .join)
    #expect(machine.state == .lingering(isBroken: false))
  }

  @Test("a close before the end of the handshake is immediate")
  func closeDuringHandshake() {
    var machine = Machine()
    #expect(machine.closeRequested() == .closeNow)
    machine = Machine()
    _ = machine.connected()
    #expect(machine.closeRequested() == .closeNow)
    #expect(machine.inputEnded() == .nothing)
  }

  @Test("an end without goodbye is a truncation, but only while input was open")
  func truncation() {
    var machine = Self.open()
    #expect(machine.inputEnded() == .reportTruncation)
    #expect(machine.inputEnded() == .nothing)

    machine = Self.open()
    _ = machine.peerDone(allowsHalfClosure: true)
    #expect(machine.inputEnded() == .nothing)

    machine = Self.open()
    _ = machine.closeOutputRequested()
    _ = machine.outputFinished()
    #expect(machine.inputEnded() == .reportTruncation)

    machine = Machine()
    _ = machine.connected()
    #expect(machine.inputEnded() == .reportHandshakeFailure)
  }

  @Test("a failure is reported once and lets its alert go out")
  func failure() {
    var machine = Self.open()
    #expect(machine.failed() == true)
    #expect(machine.failed() == false)
    #expect(machine.received() == .drop)
    #expect(!machine.isEncrypting)
    #expect(machine.outputFinished() == .nothing)
    #expect(machine.closeRequested() == .join)
    #expect(machine.timerFired() == .closeNow)
    #expect(machine.failed() == false)
  }

  @Test("the handshake's timer only counts during the handshake")
  func handshakeTimer() {
    var machine = Machine()
    #expect(machine.timerFired() == .ignore)
    _ = machine.connected()
    #expect(machine.timerFired() == .failHandshake)
    machine = Self.open()
    #expect(machine.timerFired() == .ignore)
  }

  @Test("no sequence of events gets out of closed, or encrypts after it", arguments: [1, 2, 3])
  func closedIsTerminal(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<1_000 {
      var machine = Machine()
      var wasClosed = false
      for _ in 0..<20 {
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: _ = machine.connected()
        case 1: machine.handshakeDone()
        case 2: _ = machine.closeRequested()
        case 3: _ = machine.closeOutputRequested()
        case 4: _ = machine.outputFinished()
        case 5: _ = machine.peerDone(allowsHalfClosure: .random(using: &generator))
        case 6: _ = machine.failed()
        case 7: _ = machine.timerFired()
        default:
          _ = Int.random(in: 0..<10, using: &generator) == 0 ? machine.inputEnded() : .nothing
        }
        if wasClosed { #expect(machine.state == .closed) }
        wasClosed = machine.state == .closed
        if wasClosed {
          #expect(!machine.isEncrypting)
          #expect(machine.received() == .drop)
        }
      }
    }
  }
}
