package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

extension WebhookHandler {
  /// How long an old secret signs, too, where the caller does not say, in minutes.
  private static let overlap: Int32 = 1_440

  package func pauseWebhook(
    _ request: PauseWebhookRequest, context: TenantContext
  ) async throws -> PauseWebhookResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      let sender = try await lock(request.webhookID, etag: request.etag, by: mutation)
      guard sender.webhook.state == .active else { throw Self.refusal(of: sender.webhook) }
      courier.setTimers(of: sender.id, by: mutation)
      return PauseWebhookResponse(
        webhook: try await move(sender.id, to: .paused, .paused, afresh: false, by: mutation))
    }
  }

  package func resumeWebhook(
    _ request: ResumeWebhookRequest, context: TenantContext
  ) async throws -> ResumeWebhookResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      let sender = try await lock(request.webhookID, etag: request.etag, by: mutation)
      guard sender.webhook.state != .active else { throw Self.refusal(of: sender.webhook) }
      mutation.enqueue(
        WebhookStatements.restart(
          mutation.companyID, sender.id, Int32(courier.settings.attempts)))
      courier.setTimers(of: sender.id, watch: mutation.now, by: mutation)
      return ResumeWebhookResponse(
        webhook: try await move(sender.id, to: .active, .resumed, afresh: true, by: mutation))
    }
  }

  private func move(
    _ id: UUID, to state: WebhookState, _ action: Change.Action, afresh: Bool,
    by mutation: Mutation
  ) async throws -> Webhook {
    mutation.enqueue(
      WebhookStatements.setState(
        mutation.companyID, id, Int16(truncatingIfNeeded: state.rawValue), Int16(0), afresh))
    mutation.log(Change(action, .webhook, [id], fields: ["state"]))
    return try await stored(id, by: mutation)
  }

  private static func refusal(of webhook: Webhook) -> RPCError {
    .failedPrecondition(
      webhook.state == .active ? "The webhook is active" : "The webhook is not active",
      type: "STATE", subject: "webhook.state")
  }

  package func rotateWebhookSecret(
    _ request: RotateWebhookSecretRequest, context: TenantContext
  ) async throws -> RotateWebhookSecretResponse {
    let secret = WebhookSecret()
    // Only the call that makes a secret has it: one that is replayed does not come by here.
    let isMade = Mutex(false)
    var reply = try await TenantScope(context, in: database).mutate(request) { mutation in
      isMade.withLock { $0 = true }
      let id = try await lock(request.webhookID, etag: "", by: mutation).id
      let until = mutation.now.advanced(
        by: .seconds(Int64(request.overlapMinutes ?? Self.overlap) * 60))
      mutation.enqueue(
        WebhookStatements.rotate(
          mutation.companyID, id,
          try courier.vault.seal(secret, of: id, in: mutation.companyID), until))
      mutation.log(Change(.rotated, .webhook, [id], fields: ["secret"]))
      return RotateWebhookSecretResponse(webhook: try await stored(id, by: mutation))
    }
    if isMade.withLock({ $0 }), !request.validateOnly { reply.secret = secret.text }
    return reply
  }

  package func replayWebhook(
    _ request: ReplayWebhookRequest, context: TenantContext
  ) async throws -> ReplayWebhookResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      let sender = try await lock(request.webhookID, etag: request.etag, by: mutation)
      let rows = try await mutation.query(ChangeLog.end(mutation.companyID))
      let end = rows.count == 0 ? 0 : try rows[0].decode(0, as: Int64.self)
      guard request.fromSequence <= end + 1 else {
        throw RPCError(
          code: .outOfRange, message: "The log does not reach so far", reason: "SEQUENCE_AHEAD",
          metadata: ["head_sequence": "\(end)"])
      }
      mutation.enqueue(WebhookStatements.drop(mutation.companyID, sender.id))
      mutation.enqueue(
        WebhookStatements.replay(mutation.companyID, sender.id, request.fromSequence - 1))
      if sender.webhook.state == .active {
        courier.setTimers(of: sender.id, watch: mutation.now, by: mutation)
      }
      mutation.log(Change(.replayed, .webhook, [sender.id], fields: ["delivered_sequence"]))
      return ReplayWebhookResponse(webhook: try await stored(sender.id, by: mutation))
    }
  }
}
