package import RPCCore

/// Counts a call against the limits of its account and clinic, or of its address where it has no
/// credentials; then has it wait for its turn.
package struct LimitsInterceptor: ServerInterceptor {
  private let meters: CallMeters

  package init(meters: CallMeters) { self.meters = meters }

  package func intercept(
    _ context: CallContext, next: @concurrent (CallContext) async throws -> Void
  ) async throws {
    let policy = context.method.policy
    let now = Deadline.now
    let charge = Charge(calls: 1, cost: policy.cost)
    let day = meters.clock.day(at: now)
    guard let principal = context.principal else {
      let address = meters.addresses.meter(of: context.peer, at: now)
      if let refusal = address.meter.charge(charge, at: now, day: day) { throw refusal.error }
      return try await takeTurn(address.lane, context, at: now, next: next)
    }
    let account = try await meters.account(of: principal, deadline: context.deadline)
    try meters.note(account.charge(charge, at: now, day: day), of: account)
    guard policy.messageCost > 0 else {
      return try await takeTurn(account.clinic.lane, context, at: now, next: next)
    }
    var context = context
    context.meter = StreamMeter(
      meters: meters, account: account, cost: policy.messageCost, deadline: context.deadline)
    try await takeTurn(account.clinic.lane, context, at: now, next: next)
  }

  private func takeTurn(
    _ lane: Turns.Lane, _ context: CallContext, at now: Deadline,
    next: @concurrent (CallContext) async throws -> Void
  ) async throws {
    let turns = meters.turns
    let cost = context.method.policy.cost
    if !turns.start(lane, cost: cost, at: now) {
      // Further calls of the connection would only wait too, and cost their reading.
      context.peer.gate?.close()
      defer { context.peer.gate?.open() }
      try await turns.wait(lane, cost: cost)
    }
    guard context.method.kind == .unary else {
      // It may run for hours, and mostly waits: only its beginning takes a turn.
      turns.end(lane)
      return try await next(context)
    }
    defer { turns.end(lane) }
    try await next(context)
  }
}
