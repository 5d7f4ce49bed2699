import RPCCore
import Testing

@testable import RPCTransport

@Suite("Credit")
struct FlowControlTests {
  @Test(
    "never lets more be in flight than a window and one message", arguments: [UInt64(1), 2, 3, 4])
  func bounded(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var send = SendWindow()
    var receive = ReceiveWindow()
    var inFlight: [Int] = []
    var stored = 0
    for _ in 0..<20_000 {
      if Bool.random(using: &generator), send.isOpen {
        let length = Int.random(in: 0...60_000, using: &generator)
        send.spend(message: length)
        #expect(receive.receive(message: length) == true)
        inFlight.append(length)
        stored += length + 12
        #expect(stored < FlowControl.initialWindow + 60_012)
      } else if let length = inFlight.first {
        inFlight.removeFirst()
        stored -= length + 12
        if let credit = receive.consume(message: length) { #expect(send.grant(credit) == true) }
      }
    }
    #expect(send.bytes == receive.bytes)
  }

  @Test("lets a message through that is larger than the window, and nothing after it")
  func large() {
    var send = SendWindow()
    send.spend(message: 10 * FlowControl.initialWindow)
    #expect(!send.isOpen)
    var receive = ReceiveWindow()
    #expect(receive.receive(message: 10 * FlowControl.initialWindow) == true)
    #expect(receive.receive(message: 0) == false)
    let credit = receive.consume(message: 10 * FlowControl.initialWindow)
    #expect(credit == UInt32(10 * FlowControl.initialWindow + 12))
    #expect(send.grant(credit ?? 0) == true)
    #expect(send.bytes == FlowControl.initialWindow)
  }
}

@Suite("Keep-alive")
struct KeepAliveStateMachineTests {
  private func moment(_ seconds: Int) -> Deadline {
    Deadline(uptimeNanoseconds: UInt64(seconds) * 1_000_000_000)
  }

  @Test("asks after the interval, and gives up after the timeout")
  func silence() {
    var machine = KeepAliveStateMachine(
      interval: .seconds(60), timeout: .seconds(20), now: moment(0))
    #expect(machine.tick(now: moment(59)) == .wait(until: moment(60)))
    #expect(machine.tick(now: moment(60)) == .ping(1, until: moment(80)))
    #expect(machine.tick(now: moment(79)) == .wait(until: moment(80)))
    #expect(machine.tick(now: moment(80)) == .giveUp)
  }

  @Test("takes whatever arrives for a sign of life")
  func anything() {
    var machine = KeepAliveStateMachine(
      interval: .seconds(60), timeout: .seconds(20), now: moment(0))
    #expect(machine.tick(now: moment(60)) == .ping(1, until: moment(80)))
    machine.receive(now: moment(70))
    #expect(machine.receivePong(1))
    #expect(machine.tick(now: moment(80)) == .wait(until: moment(130)))
    #expect(machine.tick(now: moment(130)) == .ping(2, until: moment(150)))
  }

  @Test("refuses a pong that answers no ping")
  func unasked() {
    var machine = KeepAliveStateMachine(
      interval: .seconds(60), timeout: .seconds(20), now: moment(0))
    #expect(!machine.receivePong(0))
    #expect(!machine.receivePong(1))
    _ = machine.tick(now: moment(60))
    #expect(machine.receivePong(1))
    #expect(!machine.receivePong(2))
  }
}

@Suite("Call table")
struct CallTableTests {
  @Test("finds, removes and keeps the order of calls", arguments: [UInt64(1), 2, 3])
  func matchesDictionary(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = CallTable<String>()
    var model: [UInt32: String] = [:]
    var next: UInt32 = 1
    for _ in 0..<2_000 {
      if Int.random(in: 0..<5, using: &generator) < 3 {
        table.append("\(next)", id: next)
        model[next] = "\(next)"
        next += UInt32.random(in: 1...3, using: &generator)
      } else {
        let id = UInt32.random(in: 0...next, using: &generator)
        #expect(table[id] == model[id])
        #expect(table.remove(id) == model.removeValue(forKey: id))
      }
      #expect(table.count == model.count)
    }
    #expect(table.all == model.sorted { $0.key < $1.key }.map(\.value))
  }
}
