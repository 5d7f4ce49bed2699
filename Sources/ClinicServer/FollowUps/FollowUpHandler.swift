package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension TimerKind {
  /// The next moment of a follow-up.
  static let followUp = TimerKind(name: "follow_up")
}

/// Serves `clinic.v1.FollowUpService`, and does what is due by itself.
package struct FollowUpHandler: FollowUpService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens, timers: TimerQueue) {
    self.database = database
    self.pageTokens = pageTokens
    timers.handle(.followUp) { [self] in try await passTime(of: $0.subjectID, in: $0.companyID) }
  }

  static let notFound = RPCError.notFound(
    "There is no such follow-up", reason: "FOLLOW_UP_NOT_FOUND", field: "follow_up_id")

  package func createFollowUp(
    _ request: CreateFollowUpRequest, context: TenantContext
  ) async throws -> CreateFollowUpResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      let draft = request.followUp ?? FollowUp()
      // Only what a caller may set.
      var followUp = FollowUp(
        title: draft.title, details: draft.details, patientID: draft.patientID.lowercased(),
        noteID: draft.noteID.lowercased(), appointmentID: draft.appointmentID.lowercased(),
        priority: draft.priority == .unspecified ? .normal : draft.priority,
        assignee: draft.assignee, escalation: draft.escalation,
        respondByTime: draft.respondByTime, dueTime: draft.dueTime)
      try await followUp.resolveReferences(by: mutation)
      try followUp.setTimes(at: mutation.now)
      followUp.followUpID = UUIDv7.make().text
      followUp.state = .open
      followUp.creator = ActorMessage(context.principal)
      followUp.createTime = Timestamp(mutation.now)
      followUp.updateTime = Timestamp(mutation.now)
      followUp.etag = Etag.text(version: 1)
      mutation.enqueue(try followUp.insert(in: mutation.companyID))
      mutation.setTimer(.followUp, of: try followUp.uuid, to: FollowUpClock.next(of: followUp))
      mutation.log(Change(.created, .followUp, [try followUp.uuid]))
      return CreateFollowUpResponse(followUp: followUp)
    }
  }

  package func getFollowUp(
    _ request: GetFollowUpRequest, context: TenantContext
  ) async throws -> GetFollowUpResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.followUpID, field: "follow_up_id")
    let rows = try await scope.read(FollowUpStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let followUp = try FollowUp(row: rows[0])
    Self.noteRead([followUp], in: scope)
    return GetFollowUpResponse(followUp: followUp)
  }

  package func listFollowUps(
    _ request: ListFollowUpsRequest, context: TenantContext
  ) async throws -> ListFollowUpsResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? FollowUpFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: try filter.serializedBytes())
    let query = try FollowUpListQuery(
      companyID: scope.companyID, accountID: scope.context.principal.accountID, filter: filter)
    let rows = try await scope.read(
      query.page(after: try paging.cursor(of: request.pageToken), limit: size + 1))
    let (followUps, next) = try paging.page(rows, size: size) {
      try FollowUp(row: $0)
    } cursor: { last, _ in
      try query.cursor(of: last)
    }
    Self.noteRead(followUps, in: scope)
    return ListFollowUpsResponse(followUps: followUps, nextPageToken: next)
  }

  package func updateFollowUp(
    _ request: UpdateFollowUpRequest, context: TenantContext
  ) async throws -> UpdateFollowUpResponse {
    let update = request.followUp ?? FollowUp()
    let paths = try UpdateMask.followUp.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let stored = try await lock(request.followUpID, etag: update.etag, by: mutation)
      guard stored.state.isActive else {
        throw FollowUpTransitions.refusal(of: "UpdateFollowUp", in: stored.state)
      }
      var followUp = stored
      try followUp.merge(update, paths: paths)
      if followUp.priority == .unspecified { followUp.priority = .normal }
      try followUp.checkRules(path: "follow_up")
      try await followUp.resolveTargets(from: stored, by: mutation)
      try followUp.moveTimes(from: stored, at: mutation.now)
      return UpdateFollowUpResponse(
        followUp: try save(&followUp, .updated, fields: paths, by: mutation))
    }
  }

  /// Locks a follow-up until the end of the transaction and checks the caller's version.
  func lock(_ text: String, etag: String, by mutation: Mutation) async throws -> FollowUp {
    let id = try UUID(contract: text, field: "follow_up_id")
    let rows = try await mutation.query(FollowUpStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let followUp = try FollowUp(row: rows[0])
    try Etag.check(etag, against: followUp.etag)
    return followUp
  }

  /// Puts off the update of a follow-up with its timer and its log entry.
  func save(
    _ followUp: inout FollowUp, _ action: Change.Action, fields: [String] = [],
    reason: String = "", by mutation: Mutation
  ) throws -> FollowUp {
    followUp.touch(at: mutation.now)
    let id = try followUp.uuid
    mutation.enqueue(try followUp.update(in: mutation.companyID))
    mutation.setTimer(.followUp, of: id, to: FollowUpClock.next(of: followUp))
    mutation.log(Change(action, .followUp, [id], fields: fields, reason: reason))
    return followUp
  }

  static func noteRead(_ followUps: [FollowUp], in scope: TenantScope) {
    let patients = Set(followUps.map(\.patientID)).sorted()
    scope.noteRead((patients + followUps.map(\.followUpID)).compactMap { UUID(text: $0) })
  }
}

extension UpdateMask {
  static let followUp = UpdateMask(
    FollowUp.self,
    changeable: [
      "title", "details", "priority", "assignee", "escalation", "respond_by_time", "due_time"
    ])
}
