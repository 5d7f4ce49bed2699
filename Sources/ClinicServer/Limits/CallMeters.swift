package import Logging
package import RPCCore
internal import Synchronization
package import struct Foundation.UUID

/// The limits of everybody who calls this server, what they use, and who takes a turn when.
package final class CallMeters: Sendable {
  package let settings: LimitSettings
  let clock = DayClock()
  let turns: Turns
  /// For what streams do between two messages: much at a time, so few at a time, and apart from the
  /// calls, which nobody may hold up by opening streams.
  let streamTurns: Turns
  let addresses: AddressMeters
  private let ledger: UsageLedger
  private let state = Mutex(State())

  private struct State {
    var clinics: [UUID: ClinicMeter] = [:]
    /// Those with usage to tell, or limits to ask for.
    var untold: [ClinicMeter] = []
  }

  /// As many clinics are settled at a time.
  private static let atATime = 4

  package init(settings: LimitSettings, database: Database, logger: Logger) {
    self.settings = settings
    self.turns = Turns(limits: settings.turns)
    self.streamTurns = Turns(limits: .streams)
    self.addresses = AddressMeters(limits: settings.address)
    self.ledger = UsageLedger(database: database, settings: settings, logger: logger)
  }

  // MARK: Calls

  /// A principal's meter, after its first call.
  func known(_ principal: Principal) -> CallerMeter? {
    principal.meter.withLock { $0 } as? CallerMeter
  }

  /// A principal's meter, at its first call: asks the database what is in force and what was used
  /// today.
  package func caller(_ principal: Principal, deadline: Deadline) async throws -> CallerMeter {
    let day = clock.day(at: .now)
    let found = try await ledger.load(
      principal.companyID, caller: principal.meteredID, day: day, deadline: deadline)
    let clinic = clinic(principal.companyID, limits: found.limits)
    let caller = clinic.caller(principal.meteredID, scope: principal.meteredScope)
    clinic.meter.state.withLock { $0.usage.learn(found.clinicUsage, on: day) }
    caller.meter.state.withLock { $0.usage.learn(found.callerUsage, on: day) }
    use(found.limits, for: clinic)
    caller.use(found.keyLimits)
    principal.meter.withLock { $0 = caller }
    return caller
  }

  /// Throws what refuses a charge, and sees to it that the database is told of what was counted.
  func note(_ outcome: CallerMeter.Outcome, of caller: CallerMeter) throws {
    switch outcome {
    case .counted(isFirst: false): return
    case .counted(isFirst: true):
      if caller.clinic.note(caller) { append(caller.clinic) }
    case .refused(let refusal):
      // The limit may have been changed.
      if caller.clinic.note(nil) { append(caller.clinic) }
      throw refusal.error
    }
  }

  private func append(_ clinic: ClinicMeter) { state.withLock { $0.untold.append(clinic) } }

  private func clinic(_ id: UUID, limits: ClinicLimits) -> ClinicMeter {
    state.withLock { state in
      if let known = state.clinics[id] { return known }
      let clinic = ClinicMeter(companyID: id, limits: limits)
      state.clinics[id] = clinic
      return clinic
    }
  }

  private func use(_ limits: ClinicLimits, for clinic: ClinicMeter) {
    guard clinic.use(limits) else { return }
    turns.setWeight(limits.weight, of: clinic.lane)
    streamTurns.setWeight(limits.weight, of: clinic.streamLane)
  }

  // MARK: Usage

  /// Tells the database what was used, and hears what others used and which limits changed, until
  /// the task is cancelled. What is not told then is its owner's to settle.
  package func run() async {
    while (try? await Task.sleep(for: settings.usageInterval)) != nil {
      clock.adjust()
      await settleAll()
    }
  }

  /// Does so now, for every clinic that called.
  package func settleAll() async {
    let clinics = state.withLock { state in
      defer { state.untold = [] }
      return state.untold
    }
    await withTaskGroup(of: Void.self) { group in
      for (index, clinic) in clinics.enumerated() {
        if index >= Self.atATime { await group.next() }
        group.addTask { await self.settle(clinic) }
      }
    }
  }

  /// Does so now, for a clinic if it called.
  func settle(_ companyID: UUID) async {
    if let clinic = state.withLock({ $0.clinics[companyID] }) { await settle(clinic) }
  }

  private func settle(_ clinic: ClinicMeter) async {
    if let limits = await ledger.settle(clinic) {
      use(limits, for: clinic)
    } else if clinic.note(nil) {
      append(clinic)
    }
  }
}

extension Principal {
  /// Whose usage the principal's calls are: for staff the account's, whatever its sessions; for a
  /// program the key's that it calls with or was given its token for, so that one key that runs
  /// wild leaves the others of its account alone.
  package var meteredID: UUID { kind == .service ? credentialID : accountID }

  /// How refusals name it.
  var meteredScope: Refusal.Scope { kind == .service ? .apiKey : .account }
}
