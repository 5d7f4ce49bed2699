import RPCCore
import Testing

@testable import RPCTransport

@Suite("HTTP/2 connection state machines")
struct HTTP2StateMachineTests {
  private static func at(_ seconds: UInt64) -> Deadline {
    Deadline(uptimeNanoseconds: seconds * 1_000_000_000)
  }

  private static func machine() -> HTTP2ConnectionStateMachine {
    HTTP2ConnectionStateMachine(
      idleTimeout: .seconds(100), ackTimeout: .seconds(10), now: at(0))
  }

  @Test("announces the end, waits until that was read, and lets streams end")
  func drain() {
    var machine = Self.machine()
    machine.openStream(id: 1)
    let action1 = machine.drain(now: Self.at(1))
    #expect(action1 == .announce)
    let action2 = machine.drain(now: Self.at(1))
    #expect(action2 == .none)
    machine.openStream(id: 3)
    let action3 = machine.receiveAck()
    #expect(action3 == .lastCall(3))
    let action4 = machine.receiveAck()
    #expect(action4 == .none)
    let action5 = machine.closeStream(now: Self.at(2))
    #expect(action5 == .none)
    let action6 = machine.closeStream(now: Self.at(3))
    #expect(action6 == .close)
  }

  @Test("closes a connection without streams as soon as the announcement was read")
  func drainIdle() {
    var machine = Self.machine()
    let action7 = machine.drain(now: Self.at(1))
    #expect(action7 == .announce)
    let action8 = machine.receiveAck()
    #expect(action8 == .lastCallAndClose(0))
  }

  @Test("does not wait for ever for a caller that does not read")
  func deaf() {
    var machine = Self.machine()
    let action9 = machine.drain(now: Self.at(1))
    #expect(action9 == .announce)
    let action10 = machine.tick(now: Self.at(2))
    #expect(action10 == (.none, Self.at(11)))
    let action11 = machine.tick(now: Self.at(11)).0
    #expect(action11 == .lastCallAndClose(0))
  }

  @Test("ends a connection that had no stream for long, and none that has one")
  func idle() {
    var machine = Self.machine()
    let action12 = machine.tick(now: Self.at(99))
    #expect(action12 == (.none, Self.at(100)))
    machine.openStream(id: 1)
    let action13 = machine.tick(now: Self.at(500)).0
    #expect(action13 == .none)
    let action14 = machine.closeStream(now: Self.at(600))
    #expect(action14 == .none)
    let action15 = machine.tick(now: Self.at(699))
    #expect(action15 == (.none, Self.at(700)))
    let action16 = machine.tick(now: Self.at(700)).0
    #expect(action16 == .announce)
  }

  @Test("forgives two early pings, and all once something was sent")
  func pings() {
    var policy = PingPolicy(interval: .seconds(10))
    let seconds: [UInt64] = [0, 10, 11, 12]
    #expect(seconds.map { policy.receivePing(now: Self.at($0)) } == [true, true, true, true])
    policy.noteOutput()
    let more: [UInt64] = [13, 14, 15, 16]
    #expect(more.map { policy.receivePing(now: Self.at($0)) } == [true, true, true, false])
  }
}
