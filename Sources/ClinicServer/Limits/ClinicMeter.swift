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
    var accounts: [UUID: WeakAccount] = [:]
    /// What is in force beside the server's settings.
    var limits: ClinicLimits
    /// Those with usage that the database does not have; and whether a flush knows of the clinic.
    var untold: [AccountMeter] = []
    var isUntold = false
  }

  /// Accounts live as long as somebody calls as one of them.
  private struct WeakAccount: Sendable {
    weak let account: AccountMeter?
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

  /// Puts other limits in force for the clinic and its accounts. Returns whether they are others.
  package func use(_ limits: ClinicLimits) -> Bool {
    let accounts: [AccountMeter]? = state.withLock { state in
      guard state.limits != limits else { return nil }
      state.limits = limits
      return state.accounts.values.compactMap(\.account)
    }
    guard let accounts else { return false }
    meter.use(limits.clinic)
    for account in accounts { account.meter.use(limits.account) }
    return true
  }

  /// The meter of one of its accounts.
  package func account(_ id: UUID) -> AccountMeter {
    state.withLock { state in
      if let known = state.accounts[id]?.account { return known }
      let account = AccountMeter(
        id: id, clinic: self, meter: Meter(scope: .account, limits: state.limits.account))
      if state.accounts.count >= 64, state.accounts.count.nonzeroBitCount == 1 {
        state.accounts = state.accounts.filter { $0.value.account != nil }
      }
      state.accounts[id] = WeakAccount(account: account)
      return account
    }
  }

  /// Notes that an account has usage to tell, or that there is a reason to ask for limits anew.
  /// Returns whether there was neither before.
  func note(_ account: AccountMeter?) -> Bool {
    state.withLock { state in
      if let account { state.untold.append(account) }
      defer { state.isUntold = true }
      return !state.isUntold
    }
  }

  /// Notes anew what could not be told.
  func putBack(_ accounts: [AccountMeter]) {
    state.withLock { $0.untold += accounts }
  }

  /// The accounts with usage to tell.
  func takeUntold() -> [AccountMeter] {
    state.withLock { state in
      defer { (state.untold, state.isUntold) = ([], false) }
      return state.untold
    }
  }
}
