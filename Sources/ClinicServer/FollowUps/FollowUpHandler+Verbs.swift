package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension FollowUpHandler {
  package func startFollowUp(
    _ request: StartFollowUpRequest, context: TenantContext
  ) async throws -> StartFollowUpResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      var followUp = try await lock(request.followUpID, etag: request.etag, by: mutation)
      try followUp.move(.start, at: mutation.now)
      var fields = ["state"]
      if followUp.respondTime == nil { followUp.respondTime = Timestamp(mutation.now) }
      if followUp.assignee == nil {
        // The contract has this method for staff alone.
        let principal = context.principal
        followUp.assignee = FollowUpAssignee(
          who: .staffID(principal.accountID.text), name: principal.displayName)
        fields.append("assignee")
      }
      return StartFollowUpResponse(
        followUp: try save(&followUp, .started, fields: fields, by: mutation))
    }
  }

  package func snoozeFollowUp(
    _ request: SnoozeFollowUpRequest, context: TenantContext
  ) async throws -> SnoozeFollowUpResponse {
    let until = PostgresTimestamp(request.untilTime ?? Timestamp())
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var followUp = try await lock(request.followUpID, etag: request.etag, by: mutation)
      try followUp.move(.snooze, at: mutation.now)
      guard until > mutation.now else { throw FollowUp.inThePast("until_time") }
      if let due = followUp.dueTime, until > PostgresTimestamp(due) {
        throw RPCError.invalidArgument(
          field: "until_time", reason: "AFTER_DUE_TIME",
          description: "must not be after the due time: to have longer, change that")
      }
      followUp.snoozeTime = Timestamp(until)
      return SnoozeFollowUpResponse(
        followUp: try save(
          &followUp, .snoozed, fields: ["state", "snooze_time"], by: mutation))
    }
  }

  package func completeFollowUp(
    _ request: CompleteFollowUpRequest, context: TenantContext
  ) async throws -> CompleteFollowUpResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      var followUp = try await lock(request.followUpID, etag: request.etag, by: mutation)
      try followUp.move(.complete, at: mutation.now)
      if followUp.respondTime == nil { followUp.respondTime = Timestamp(mutation.now) }
      followUp.close(request.outcome, request.outcomeText, by: mutation)
      return CompleteFollowUpResponse(
        followUp: try save(
          &followUp, .completed, fields: ["state", "outcome", "outcome_text"], by: mutation))
    }
  }

  package func cancelFollowUp(
    _ request: CancelFollowUpRequest, context: TenantContext
  ) async throws -> CancelFollowUpResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      var followUp = try await lock(request.followUpID, etag: request.etag, by: mutation)
      try followUp.move(.cancel, at: mutation.now)
      followUp.close(.unspecified, request.reason, by: mutation)
      return CancelFollowUpResponse(
        followUp: try save(&followUp, .cancelled, reason: request.reason, by: mutation))
    }
  }

  package func reopenFollowUp(
    _ request: ReopenFollowUpRequest, context: TenantContext
  ) async throws -> ReopenFollowUpResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      var followUp = try await lock(request.followUpID, etag: request.etag, by: mutation)
      try followUp.move(.reopen, at: mutation.now)
      // What came of it is open again.
      followUp.outcome = .unspecified
      followUp.outcomeText = ""
      followUp.closeTime = nil
      followUp.closedBy = nil
      followUp.respondTime = nil
      followUp.missedTime = .unspecified
      followUp.escalateTime = nil
      followUp.respondByTime = nil
      followUp.dueTime = request.dueTime
      try followUp.setTimes(at: mutation.now, duePath: "due_time")
      return ReopenFollowUpResponse(
        followUp: try save(
          &followUp, .reopened,
          fields: ["state", "respond_by_time", "due_time", "outcome", "outcome_text"],
          reason: request.reason, by: mutation))
    }
  }

  // MARK: What happens by itself

  /// Does what is due for a follow-up: ends its snooze, and hands it over where a time was missed.
  /// The lock and the second look make it happen once, whoever else is at it.
  func passTime(of id: UUID, in companyID: UUID) async throws {
    try await SystemActor.change(in: companyID, of: database) { mutation in
      let rows = try await mutation.query(FollowUpStatements.lock(companyID, id))
      guard rows.count == 1 else {
        return mutation.setTimer(.followUp, of: id, to: nil)
      }
      var followUp = try FollowUp(row: rows[0])
      let events = FollowUpClock.events(of: followUp, at: mutation.now)
      for event in events {
        guard case .missed(let time) = event else {
          mutation.log(Change(.woken, .followUp, [id], fields: followUp.wake()))
          continue
        }
        // Nobody would see what is given to an account that is closed. It stays where it is, and the
        // log says why.
        let hasLeft = try await followUp.hasEscalationLeft(by: mutation)
        let fields = followUp.miss(time, handingOver: !hasLeft, at: mutation.now)
        mutation.log(
          Change(
            .escalated, .followUp, [id], fields: fields,
            reason: hasLeft ? "Not handed over: the member of staff has left" : ""))
      }
      if !events.isEmpty { mutation.enqueue(try followUp.update(in: companyID)) }
      mutation.setTimer(.followUp, of: id, to: FollowUpClock.next(of: followUp))
    }
  }
}

extension FollowUp {
  /// Moves to the state that a verb leads to.
  fileprivate mutating func move(
    _ verb: FollowUpTransitions.Verb, at now: PostgresTimestamp
  ) throws {
    state = try FollowUpTransitions.state(after: verb, from: state)
    snoozeTime = nil
  }

  fileprivate mutating func close(
    _ outcome: FollowUpOutcome, _ text: String, by mutation: Mutation
  ) {
    self.outcome = outcome
    outcomeText = text
    closeTime = Timestamp(mutation.now)
    closedBy = ActorMessage(mutation.context.principal)
  }
}
