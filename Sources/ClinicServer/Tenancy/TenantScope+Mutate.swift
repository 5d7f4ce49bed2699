internal import Crypto
internal import PostgresClient
package import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension TenantScope {
  /// Makes a change at most once for each request id, with its log entries and its stored reply in
  /// one transaction.
  ///
  /// The same id with the same request gives the stored reply; with another request it is refused
  /// with ALREADY_EXISTS. With `validate_only`, everything is tried and rolled back.
  package func mutate<Request: MutationRequest, Reply: Message>(
    _ request: Request, _ body: (Mutation) async throws -> Reply
  ) async throws -> Reply {
    let claim = try request.validateOnly ? nil : Claim(request, by: context)
    let opening = claim?.statement(in: companyID) ?? TenancyStatements.now()
    return try await transact(
      opening: opening, validateOnly: request.validateOnly, requestID: claim?.requestID.text
    ) { (stored, mutation) in
      if let stored { return (try Reply(serializedBytes: stored), []) }
      let reply = try await body(mutation)
      return (reply, try claim.map { [try $0.storing(reply, in: companyID)] } ?? [])
    }
  }

  /// Makes a change that no request id guards, such as one whose reply holds a secret. The change log
  /// has it under the request's id all the same.
  package func change<Reply>(
    _ request: some MutationRequest, _ body: (Mutation) async throws -> Reply
  ) async throws -> Reply {
    try await change(
      validateOnly: request.validateOnly, requestID: UUID(text: request.requestID)?.text, body)
  }

  /// Makes a change that no request stands for alone.
  package func change<Reply>(
    validateOnly: Bool = false, requestID: String? = nil,
    _ body: (Mutation) async throws -> Reply
  ) async throws -> Reply {
    try await transact(
      opening: TenancyStatements.now(), validateOnly: validateOnly, requestID: requestID
    ) { (_, mutation) in (try await body(mutation), []) }
  }

  /// Three round trips and what the body asks for: BEGIN, enter and opening; the body's last
  /// statements, the log and COMMIT.
  private func transact<Reply>(
    opening: BoundStatement, validateOnly: Bool, requestID: String?,
    _ body: (_ stored: [UInt8]?, Mutation) async throws -> (Reply, last: [BoundStatement])
  ) async throws -> Reply {
    var tried: Reply?
    var mayHaveChanged = false
    do {
      return try await database.client.withTransaction(
        prelude: [TenancyStatements.enter(companyID)], deadline: context.deadline.postgres
      ) { transaction in
        let rows = try await transaction.query(opening)
        let mutation = Mutation(
          transaction: transaction, companyID: companyID, context: context,
          now: try rows[0].decode(1), requestID: requestID)
        let (reply, last) = try await body(try rows[0].decode(0), mutation)
        let (pending, logEnd) = mutation.takePending()
        let statements = pending + last
        if validateOnly {
          if !statements.isEmpty { _ = try await transaction.pipeline(statements) }
          tried = reply
          throw Tried()
        }
        if logEnd != nil { mayHaveChanged = true }
        let results = try await transaction.commit(after: statements)
        if let logEnd {
          let end: Int64 = try results[logEnd][0].decode(0)
          database.announcer.announce(companyID, sequence: end)
        }
        // This server knows at once: the caller's next call must see what this one did.
        mutation.principalChanges.forEach(database.principalsChanged)
        for (kind, moment) in mutation.timerChanges {
          database.timerChanged(
            kind, Deadline.after(max(moment.duration(since: mutation.now), .zero)))
        }
        return reply
      }
    } catch is Tried {
      guard let tried else { throw RPCError.internal() }
      return tried
    } catch let error as PostgresTransactionError where error.isOutcomeUnknown && mayHaveChanged {
      database.announcer.announce(companyID, sequence: ChangeAnnouncer.unknown)
      throw error
    }
  }
}

/// Rolls a trial back.
private struct Tried: Error {}

/// A request id that a mutation claims, and the fingerprint of what it stands for.
private struct Claim: Sendable {
  let requestID: UUID
  let hash: [UInt8]

  init?(_ request: some MutationRequest, by context: TenantContext) throws {
    guard !request.requestID.isEmpty else { return nil }
    guard let id = UUID(text: request.requestID) else {
      throw RPCError.invalidArgument(
        field: "request_id", reason: "FORMAT_UUID", description: "must be a UUID")
    }
    requestID = id
    var hasher = SHA256()
    hasher.update(data: Array(context.method.path.utf8))
    withUnsafeBytes(of: context.principal.accountID.uuid) { hasher.update(bufferPointer: $0) }
    try request.withSerializedBytes { hasher.update(bufferPointer: $0) }
    hash = Array(hasher.finalize())
  }

  func statement(in companyID: UUID) -> BoundStatement {
    TenancyStatements.claim(companyID, requestID, hash)
  }

  func storing(_ reply: some Message, in companyID: UUID) throws -> BoundStatement {
    TenancyStatements.storeReply(companyID, requestID, try reply.serializedBytes())
  }
}
