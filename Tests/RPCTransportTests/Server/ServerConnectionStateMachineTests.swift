import RPCCore
import Testing

@testable import RPCTransport

@Suite("Server connection states")
struct ServerConnectionStateMachineTests {
  @Test("opens calls whose ids grow, up to the limit")
  func opens() {
    var machine = ServerConnectionStateMachine(callLimit: 2)
    #expect(machine.receiveCall(id: 1) == .open)
    #expect(machine.receiveCall(id: 5) == .open)
    #expect(machine.receiveCall(id: 6) == .refuse)
    #expect(machine.finishCall() == .none)
    #expect(machine.receiveCall(id: 7) == .open)
    #expect(machine.callsInProgress == 2)
  }

  @Test("ends the connection on an id that does not grow", arguments: [UInt32(1), 3, 5])
  func idsGrow(id: UInt32) {
    var machine = ServerConnectionStateMachine(callLimit: 10)
    #expect(machine.receiveCall(id: 5) == .open)
    guard case .fail = machine.receiveCall(id: id) else {
      Issue.record("id \(id) after 5 was accepted")
      return
    }
  }

  @Test("tells late frames of ended calls from frames of calls that never were")
  func lateFrames() {
    var machine = ServerConnectionStateMachine(callLimit: 10)
    #expect(machine.receiveCall(id: 5) == .open)
    #expect(machine.receiveFrame(callID: 5, isOpen: true) == .deliver)
    #expect(machine.receiveFrame(callID: 4, isOpen: false) == .discard)
    guard case .fail = machine.receiveFrame(callID: 6, isOpen: false) else {
      Issue.record("a frame of call 6 was accepted")
      return
    }
  }

  @Test("drains: announces, discards new calls, closes after the last")
  func drains() {
    var machine = ServerConnectionStateMachine(callLimit: 10)
    #expect(machine.receiveCall(id: 1) == .open)
    #expect(machine.receiveCall(id: 2) == .open)
    #expect(machine.drain() == .announce(lastCallID: 2))
    #expect(machine.drain() == .none)
    #expect(machine.receiveCall(id: 3) == .discard)
    #expect(machine.receiveFrame(callID: 3, isOpen: false) == .discard)
    #expect(machine.finishCall() == .none)
    #expect(!machine.isClosing)
    #expect(machine.finishCall() == .close)
    #expect(machine.isClosing)
  }

  @Test("drains at once where no call is in progress")
  func drainsIdle() {
    var machine = ServerConnectionStateMachine(callLimit: 10)
    #expect(machine.drain() == .announceAndClose(lastCallID: 0))
    #expect(machine.receiveCall(id: 1) == .discard)
  }

  @Test("closes after the last call when the client leaves")
  func clientLeaves() {
    var machine = ServerConnectionStateMachine(callLimit: 10)
    #expect(machine.receiveCall(id: 1) == .open)
    #expect(machine.receiveGoAway() == .none)
    #expect(machine.finishCall() == .close)
    var idle = ServerConnectionStateMachine(callLimit: 10)
    #expect(idle.receiveGoAway() == .close)
  }

  @Test("says once that the rules were broken, and drops everything after")
  func failsOnce() {
    var machine = ServerConnectionStateMachine(callLimit: 10)
    #expect(machine.receiveCall(id: 9) == .open)
    #expect(machine.fail() == 9)
    #expect(machine.fail() == nil)
    #expect(machine.receiveCall(id: 10) == .discard)
    #expect(machine.receiveFrame(callID: 99, isOpen: false) == .discard)
    #expect(machine.drain() == .none)
  }
}
