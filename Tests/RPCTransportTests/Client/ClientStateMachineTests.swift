import RPCCore
import Testing

@testable import RPCTransport

@Suite("Client connection states")
struct ClientConnectionStateMachineTests {
  @Test("tells late frames of given-up calls from frames of calls that never were")
  func lateFrames() {
    var machine = ClientConnectionStateMachine()
    machine.open(callID: 3)
    #expect(machine.receiveFrame(callID: 3, isOpen: true) == .deliver)
    #expect(machine.receiveFrame(callID: 2, isOpen: false) == .discard)
    guard case .fail = machine.receiveFrame(callID: 4, isOpen: false) else {
      Issue.record("a frame of call 4 was accepted")
      return
    }
  }

  @Test("lets calls up to the last id end when the server leaves, and closes after them")
  func serverLeaves() {
    var machine = ClientConnectionStateMachine()
    machine.open(callID: 3)
    #expect(machine.receiveGoAway(lastCallID: 2, isError: false) == .refuseCalls(above: 2))
    #expect(machine.shouldClose(callsInProgress: 1) == false)
    #expect(machine.shouldClose(callsInProgress: 0) == true)
    #expect(machine.shouldClose(callsInProgress: 0) == false)
  }

  @Test("ends all calls when the server ends the connection with an error")
  func serverFails() {
    var machine = ClientConnectionStateMachine()
    machine.open(callID: 3)
    #expect(machine.receiveGoAway(lastCallID: 2, isError: true) == .endAll(above: 2))
    #expect(machine.isClosing)
    #expect(machine.receiveFrame(callID: 9, isOpen: false) == .discard)
  }

  @Test("says once that the rules were broken")
  func failsOnce() {
    var machine = ClientConnectionStateMachine()
    #expect(machine.fail() == true)
    #expect(machine.fail() == false)
  }
}

@Suite("Client call states")
struct ClientCallStateMachineTests {
  @Test("refuses a second reply to a call of one", arguments: [CallKind.unary, .clientStreaming])
  func secondReply(kind: CallKind) {
    var call = ClientCallStateMachine(kind: kind)
    #expect(call.receiveMessage(length: 1) == nil)
    #expect(call.receiveMessage(length: 1) != nil)
  }

  @Test("refuses a reply without credit, and grants credit as replies are read")
  func credit() {
    var call = ClientCallStateMachine(kind: .serverStreaming)
    #expect(call.receiveMessage(length: FlowControl.initialWindow) == nil)
    #expect(call.receiveMessage(length: 0) != nil)
    #expect(
      call.consume(length: FlowControl.initialWindow) == UInt32(FlowControl.initialWindow + 12))
    #expect(call.receiveMessage(length: 0) == nil)
  }

  @Test("holds requests back while there is no credit, and drops them after the end")
  func sends() {
    var call = ClientCallStateMachine(kind: .clientStreaming)
    #expect(call.send(length: FlowControl.initialWindow) == .send)
    #expect(call.send(length: 0) == .wait)
    #expect(call.receiveCredit(100) == nil)
    #expect(call.send(length: 0) == .send)
    #expect(call.endRequests() == true)
    #expect(call.endRequests() == false)
    #expect(call.send(length: 0) == .drop)
    var ended = ClientCallStateMachine(kind: .clientStreaming)
    #expect(ended.end() == true)
    #expect(ended.end() == false)
    #expect(ended.send(length: 0) == .drop)
    #expect(ended.endRequests() == false)
  }
}
