import Foundation
import RPCCore
import Synchronization
import Testing

@testable import ClinicServer

@Suite("Meters of callers")
struct CallerMeterTests {
  private static func limits(_ text: String) throws -> CallLimits {
    try #require(CallLimits(text))
  }

  @Test(
    "of two limits the lower one is in force, in each part",
    arguments: [
      ("none", "none", "none"), ("none", "day-calls=5", "day-calls=5"),
      ("calls=10/20", "none", "calls=10/20"),
      ("calls=10/20,day-cost=9", "calls=5/50,day-cost=7", "calls=5/20,day-cost=7"),
      ("cost=5,day-calls=5", "cost=50,day-calls=50", "cost=5,day-calls=5"),
      ("calls=1", "cost=1", "calls=1,cost=1")
    ])
  func lower(one: String, two: String, both: String) throws {
    let (one, two, both) = (
      try Self.limits(one), try Self.limits(two), try Self.limits(both)
    )
    #expect(one.lowered(to: two) == both && two.lowered(to: one) == both)
  }

  @Test("a key keeps its own limits while its clinic's change, and the later ones of its own")
  func changes() throws {
    let clinic = ClinicMeter(
      companyID: UUID(),
      limits: ClinicLimits(clinic: CallLimits(), account: try Self.limits("day-calls=5")))
    let key = clinic.caller(UUID(), scope: .apiKey)
    func most() -> Int? { key.meter.state.withLock { $0.limits.callsPerDay } }
    func refusal() -> CallerMeter.Outcome {
      key.charge(Charge(calls: 10, cost: 10), at: .now, day: 1)
    }
    #expect(most() == 5)
    key.use(KeyLimits(limits: try Self.limits("day-calls=9"), version: 2))
    #expect(most() == 5)
    key.use(KeyLimits(limits: try Self.limits("day-calls=3"), version: 3))
    #expect(most() == 3)
    // What was asked for before, and answered after.
    key.use(KeyLimits(limits: try Self.limits("day-calls=4"), version: 2))
    #expect(most() == 3)
    #expect(
      clinic.use(ClinicLimits(clinic: CallLimits(), account: try Self.limits("day-calls=8"))))
    #expect(most() == 3)
    guard case .refused(let error) = refusal() else { throw MissingValue() }
    #expect(error.scope == .apiKey && error.size == 3)
    key.use(KeyLimits(version: 4))
    #expect(most() == 8)
  }
}
