import RPCCore
import Testing

@testable import RPCTransport

@Suite("Holding back callers that do not heed refusals")
struct RefusalBrakeTests {
  private let start = Deadline(uptimeNanoseconds: 1_000_000_000)

  @Test("a burst of refusals is free, and more of them stop the reading until the window ends")
  func burst() {
    var machine = RefusalBrakeStateMachine()
    for _ in 1..<RefusalBrakeStateMachine.free {
      let until = machine.refuse(at: start)
      #expect(until == nil)
    }
    let until = machine.refuse(at: start)
    #expect(until == start.advanced(by: RefusalBrakeStateMachine.window))
    // What was read before goes on being refused, without a second stop.
    let again = machine.refuse(at: start)
    #expect(again == nil)
  }

  @Test("refusals now and then never stop it")
  func seldom() {
    var machine = RefusalBrakeStateMachine()
    for step in 0..<10_000 {
      let until = machine.refuse(at: start.advanced(by: .milliseconds(2 * step)))
      #expect(until == nil)
    }
  }
}
