internal import RPCCore
internal import Synchronization
package import struct Foundation.UUID

/// A clinic's limits, usage and place among those that take turns, on this server.
package final class ClinicMeter: Sendable {
  package let companyID: UUID
  package let meter: Meter
  /// Where its calls wait for their turn.
  let lane: Turns.Lane
  /// Where its streams' messages do.
  let streamLane: Turns.Lane
  private let state: Mutex<State>

  private struct State {
    var callers: [UUID: WeakCaller] = [:]
    /// What is in force beside the server's settings.
    var limits: ClinicLimits
    /// Those with usage that the database does not have; and whether a flush knows of the clinic.
    var untold: [CallerMeter] = []
    var isUntold = false
  }

  /// Callers live as long as somebody calls as one of them.
  private struct WeakCaller: Sendable {
    weak let caller: CallerMeter?
  }

  init(companyID: UUID, limits: ClinicLimits) {
    self.companyID = companyID
    self.meter = Meter(scope: .clinic, limits: limits.clinic)
    self.lane = Turns.Lane(weight: limits.weight)
    self.streamLane = Turns.Lane(weight: limits.weight)
    self.state = Mutex(State(limits: limits))
  }

  /// What is in force.
  package var limits: ClinicLimits { state.withLock { $0.limits } }

  /// Puts other limits in force for the clinic and its callers. Returns whether they are others.
  package func use(_ limits: ClinicLimits) -> Bool {
    let callers: [CallerMeter]? = state.withLock { state in
      guard state.limits != limits else { return nil }
      state.limits = limits
      return state.callers.values.compactMap(\.caller)
    }
    guard let callers else { return false }
    meter.use(limits.clinic)
    for caller in callers { caller.use(each: limits.account) }
    return true
  }

  /// The meter of one of its callers.
  package func caller(_ id: UUID, scope: Refusal.Scope) -> CallerMeter {
    state.withLock { state in
      if let known = state.callers[id]?.caller { return known }
      let caller = CallerMeter(
        id: id, scope: scope, clinic: self, each: state.limits.account)
      if state.callers.count >= 64, state.callers.count.nonzeroBitCount == 1 {
        state.callers = state.callers.filter { $0.value.caller != nil }
      }
      state.callers[id] = WeakCaller(caller: caller)
      return caller
    }
  }

  /// Notes that a caller has usage to tell, or that there is a reason to ask for limits anew.
  /// Returns whether there was neither before.
  func note(_ caller: CallerMeter?) -> Bool {
    state.withLock { state in
      if let caller { state.untold.append(caller) }
      defer { state.isUntold = true }
      return !state.isUntold
    }
  }

  /// Notes anew what could not be told.
  func putBack(_ callers: [CallerMeter]) {
    state.withLock { $0.untold += callers }
  }

  /// The callers with usage to tell.
  func takeUntold() -> [CallerMeter] {
    state.withLock { state in
      defer { (state.untold, state.isUntold) = ([], false) }
      return state.untold
    }
  }
}
