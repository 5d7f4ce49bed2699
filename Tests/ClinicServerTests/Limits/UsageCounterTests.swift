import RPCCore
import Testing

@testable import ClinicServer

@Suite("Usage counters")
struct UsageCounterTests {
  private func charge(_ calls: Int) -> Charge { Charge(calls: calls, cost: 10 * calls) }

  @Test("count what others used as soon as the database tells")
  func learn() {
    var counter = UsageCounter()
    let wasIdle = [counter.add(charge(2), on: 7), counter.add(charge(1), on: 7)]
    #expect(wasIdle == [true, false])
    let sent = counter.take()
    #expect(sent == [.init(day: 7, charge: charge(3))])
    _ = counter.add(charge(4), on: 7)
    #expect(counter.total(on: 7) == charge(7))
    counter.confirm(sent)
    counter.learn(charge(103), on: 7)
    #expect(counter.total(on: 7) == charge(107))
  }

  @Test("tell again what did not arrive, and count it once")
  func restore() {
    var counter = UsageCounter()
    _ = counter.add(charge(2), on: 7)
    let sent = counter.take()
    let nothing = counter.take()
    #expect(nothing.isEmpty)
    counter.restore(sent)
    #expect(counter.total(on: 7) == charge(2))
    let again = counter.take()
    #expect(again == [.init(day: 7, charge: charge(2))])
  }

  @Test("begin a day at nothing, and still tell what belongs to the day before")
  func nextDay() {
    var counter = UsageCounter()
    _ = counter.add(charge(1), on: 7)
    let sent = counter.take()
    _ = counter.add(charge(2), on: 7)
    _ = counter.add(charge(3), on: 8)
    #expect(counter.total(on: 8) == charge(3))
    #expect(counter.total(on: 9) == .zero)
    counter.restore(sent)
    let all = counter.take()
    #expect(
      Set(all) == [
        .init(day: 7, charge: charge(2)), .init(day: 8, charge: charge(3)),
        .init(day: 7, charge: charge(1))
      ])
    counter.learn(charge(50), on: 7)
    #expect(counter.total(on: 8) == charge(3))
  }
}
