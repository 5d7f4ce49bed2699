package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension WebhookHandler {
  private static let noDelivery = RPCError.notFound(
    "There is no such delivery", reason: "WEBHOOK_DELIVERY_NOT_FOUND", field: "webhook_delivery_id")

  package func testWebhook(
    _ request: TestWebhookRequest, context: TenantContext
  ) async throws -> TestWebhookResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.webhookID, field: "webhook_id")
    let rows = try await scope.read(WebhookStatements.look(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let sender = try WebhookSender(row: rows[0])
    let message = try WebhookMessage(
      pinging: courier.address(of: sender.webhook),
      secrets: sender.secrets(in: scope.companyID, from: courier.vault))
    guard let attempt = await courier.post.send(message) else { throw CancellationError() }
    return TestWebhookResponse(
      attempt: attempt, acknowledged: attempt.failure == .unspecified)
  }

  package func listWebhookDeliveries(
    _ request: ListWebhookDeliveriesRequest, context: TenantContext
  ) async throws -> ListWebhookDeliveriesResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.webhookID, field: "webhook_id")
    let size = Paging.size(request.pageSize)
    let state = Int16(truncatingIfNeeded: request.state.rawValue)
    let paging = Paging(
      pageTokens, scope, filter: Array("\(id.text) \(state)".utf8))
    let rows = try await scope.read([
      WebhookStatements.get(scope.companyID, id),
      WebhookStatements.deliveries(
        scope.companyID, id, try paging.cursor(of: request.pageToken)?.uuid(0), state,
        Int64(size + 1))
    ])
    guard rows[0].count == 1 else { throw Self.notFound }
    let (deliveries, next) = try paging.page(rows[1], size: size) {
      try WebhookDelivery(row: $0)
    } cursor: { _, row in
      PageCursor([.uuid(try row.decode(0))])
    }
    return ListWebhookDeliveriesResponse(deliveries: deliveries, nextPageToken: next)
  }

  package func retryWebhookDelivery(
    _ request: RetryWebhookDeliveryRequest, context: TenantContext
  ) async throws -> RetryWebhookDeliveryResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.webhookDeliveryID, field: "webhook_delivery_id")
    let (attempt, before) = try await scope.change(request) {
      mutation in try await beginAgain(id, by: mutation)
    }
    guard !request.validateOnly else { return RetryWebhookDeliveryResponse(delivery: before) }
    let result = await courier.post.send(attempt.message)
    // Not cancelled with the call, so that the attempt is known.
    let after = try await Task {
      try await SystemActor.change(in: scope.companyID, of: database) { mutation in
        try await courier.settle(attempt, result, by: mutation)
      }
    }.value
    guard let after else { throw Self.noDelivery }
    return RetryWebhookDeliveryResponse(delivery: after)
  }

  /// Begins an attempt at a delivery that waits or was given up.
  private func beginAgain(
    _ id: UUID, by mutation: Mutation
  ) async throws -> (WebhookCourier.Attempt, WebhookDelivery) {
    let companyID = mutation.companyID
    let found = try await mutation.query(WebhookStatements.delivery(companyID, id))
    guard found.count == 1 else { throw Self.noDelivery }
    let webhookID = try StoredDelivery(row: found[0]).delivery.webhookID
    let sender = try await lock(webhookID, etag: "", by: mutation)
    // As it is now that nobody else changes it.
    let rows = try await mutation.query(WebhookStatements.delivery(companyID, id))
    guard rows.count == 1 else { throw Self.noDelivery }
    let stored = try StoredDelivery(row: rows[0])
    guard stored.delivery.state != .delivered else {
      throw RPCError.failedPrecondition(
        "The delivery was acknowledged: replay the log to send it again", type: "STATE",
        subject: "delivery.state")
    }
    guard sender.leasedUntil == nil else {
      throw RPCError.aborted("A delivery is being sent", reason: "DELIVERY_IN_PROGRESS")
    }
    mutation.log(Change(.retried, .webhook, [sender.id]))
    return (try await courier.lease(sender, stored, by: mutation), stored.delivery)
  }
}
