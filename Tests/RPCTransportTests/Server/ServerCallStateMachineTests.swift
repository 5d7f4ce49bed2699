import RPCCore
import Testing

@testable import RPCTransport

@Suite("Server call states")
struct ServerCallStateMachineTests {
  @Test(
    "starts a call of one request when it is whole", arguments: [CallKind.unary, .serverStreaming])
  func oneRequest(kind: CallKind) {
    var together = ServerCallStateMachine(kind: kind)
    #expect(together.receiveMessage(length: 10, flags: .end) == .keepAndStart)
    var apart = ServerCallStateMachine(kind: kind)
    #expect(apart.receiveMessage(length: 10, flags: []) == .keep)
    #expect(apart.receiveMessage(length: 0, flags: [.end, .bare]) == .start)
  }

  @Test("refuses any number of requests but one", arguments: [CallKind.unary, .serverStreaming])
  func wrongCount(kind: CallKind) {
    var none = ServerCallStateMachine(kind: kind)
    #expect(none.receiveMessage(length: 0, flags: [.end, .bare]) == .refuse(.missing))
    var two = ServerCallStateMachine(kind: kind)
    #expect(two.receiveMessage(length: 1, flags: []) == .keep)
    #expect(two.receiveMessage(length: 1, flags: .end) == .refuse(.second))
  }

  @Test(
    "queues streamed requests until they end", arguments: [CallKind.clientStreaming, .bidirectional]
  )
  func manyRequests(kind: CallKind) {
    var call = ServerCallStateMachine(kind: kind)
    #expect(call.receiveMessage(length: 1, flags: []) == .queue(isLast: false))
    #expect(call.receiveMessage(length: 1, flags: .end) == .queue(isLast: true))
    guard case .fail = call.receiveMessage(length: 1, flags: []) else {
      Issue.record("a message after END was accepted")
      return
    }
    var bare = ServerCallStateMachine(kind: kind)
    #expect(bare.receiveMessage(length: 0, flags: [.end, .bare]) == .endRequests)
  }

  @Test("ends the connection of a caller that sends without credit")
  func credit() {
    var call = ServerCallStateMachine(kind: .bidirectional)
    #expect(
      call.receiveMessage(length: FlowControl.initialWindow - 12, flags: [])
        == .queue(isLast: false))
    guard case .fail = call.receiveMessage(length: 0, flags: []) else {
      Issue.record("a message without credit was accepted")
      return
    }
  }

  @Test("grants credit as requests are read, and none once they have ended")
  func grants() {
    let half = FlowControl.initialWindow / 2
    var call = ServerCallStateMachine(kind: .bidirectional)
    #expect(call.receiveMessage(length: half, flags: []) == .queue(isLast: false))
    #expect(call.consume(length: half) == UInt32(half + 12))
    #expect(call.receiveMessage(length: half, flags: .end) == .queue(isLast: true))
    #expect(call.consume(length: half) == nil)
  }

  @Test("holds replies back while there is no credit")
  func holdsBack() {
    var call = ServerCallStateMachine(kind: .serverStreaming)
    #expect(call.maySend)
    call.send(length: FlowControl.initialWindow)
    #expect(!call.maySend)
    #expect(call.receiveCredit(12) == true)
    #expect(!call.maySend)
    #expect(call.receiveCredit(1) == true)
    #expect(call.maySend)
  }

  @Test(
    "refuses a grant of nothing and one beyond the greatest window", arguments: [UInt32(0), .max])
  func badGrant(bytes: UInt32) {
    var call = ServerCallStateMachine(kind: .serverStreaming)
    #expect(call.receiveCredit(bytes) == false)
  }

  @Test("ends once, and sends nothing after")
  func endsOnce() {
    var call = ServerCallStateMachine(kind: .unary)
    #expect(call.reply() == true)
    #expect(call.reply() == false)
    #expect(call.end() == true)
    #expect(call.end() == false)
    #expect(!call.maySend)
    var ended = ServerCallStateMachine(kind: .unary)
    #expect(ended.end() == true)
    #expect(ended.reply() == false)
  }
}
