package import RPCCore

/// Counts a call against the limits of its caller and clinic, or of its address where it has no
/// credentials; then has it wait for its turn.
package struct LimitsInterceptor: ServerInterceptor {
  private let meters: CallMeters

  package init(meters: CallMeters) { self.meters = meters }

  package func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    let policy = context.method.policy
    let now = Deadline.now
    let charge = Charge(calls: 1, cost: policy.cost)
    let day = meters.clock.day(at: now)
    let lane: Turns.Lane
    var meter: (any MessageMeter)?
    if let principal = context.principal {
      let caller: CallerMeter
      if let known = meters.known(principal) {
        caller = known
      } else {
        caller = try await meters.caller(principal, deadline: context.deadline)
      }
      try meters.note(caller.charge(charge, at: now, day: day), of: caller)
      lane = caller.clinic.lane
      if policy.messageCost > 0 {
        meter = StreamMeter(
          meters: meters, caller: caller, cost: policy.messageCost, deadline: context.deadline)
      }
    } else {
      let address = meters.addresses.meter(of: context.peer, at: now)
      if let refusal = address.meter.charge(charge, at: now, day: day) { throw refusal.error }
      lane = address.lane
      if policy.messageCost > 0 {
        meter = AddressStreamMeter(
          meter: address.meter, cost: policy.messageCost, clock: meters.clock,
          deadline: context.deadline)
      }
    }
    let turns = meters.turns
    if !turns.start(lane, cost: policy.cost, at: now) {
      // Further calls of the connection would only wait too, and cost their reading.
      context.peer.gate?.close()
      defer { context.peer.gate?.open() }
      try await turns.wait(lane, cost: policy.cost)
    }
    if context.method.kind == .unary {
      defer { turns.end(lane) }
      return try await next(context)
    }
    // It may run for hours, and mostly waits: only its beginning takes a turn, and the work on its
    // messages where these have a cost.
    turns.end(lane)
    var context = context
    context.meter = meter
    defer { meter?.giveTurnBack() }
    try await next(context)
  }
}
