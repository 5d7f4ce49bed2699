package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import RPCTransport
internal import struct Foundation.UUID

/// Serves `clinic.v1.WebhookService`.
package struct WebhookHandler: WebhookService.Handler {
  /// The most endpoints of a clinic.
  static let most = 20

  let courier: WebhookCourier
  let pageTokens: PageTokens

  init(courier: WebhookCourier, pageTokens: PageTokens) {
    self.courier = courier
    self.pageTokens = pageTokens
  }

  var database: Database { courier.database }

  static let notFound = RPCError.notFound(
    "There is no such webhook", reason: "WEBHOOK_NOT_FOUND", field: "webhook_id")

  package func createWebhook(
    _ request: CreateWebhookRequest, context: TenantContext
  ) async throws -> CreateWebhookResponse {
    let draft = request.webhook ?? Webhook()
    try checkAddress(of: draft)
    let scope = TenantScope(context, in: database)
    let id = UUIDv7.make()
    let secret = WebhookSecret()
    let sealed = try courier.vault.seal(secret, of: id, in: scope.companyID)
    var reply = try await scope.mutate(request) { mutation in
      let rows = try await mutation.query([
        WebhookStatements.count(mutation.companyID), ChangeLog.end(mutation.companyID)
      ])
      guard try rows[0][0].decode(0, as: Int64.self) < Self.most else {
        throw RPCError.failedPrecondition(
          "The clinic has \(Self.most) webhooks: delete one first", type: "LIMIT",
          subject: "webhooks")
      }
      let end = rows[1].count == 0 ? 0 : try rows[1][0].decode(0, as: Int64.self)
      let webhook = Webhook(
        webhookID: id.text, url: draft.url, description_p: draft.description_p,
        recordTypes: draft.recordTypes, state: .active, deliveredSequence: end,
        creator: ActorMessage(context.principal), createTime: Timestamp(mutation.now),
        updateTime: Timestamp(mutation.now), etag: Etag.text(version: 1))
      mutation.enqueue(
        WebhookStatements.insert(
          mutation.companyID, id, webhook.url, webhook.description_p, webhook.recordTypes, end,
          sealed, context.principal.accountID))
      courier.setTimers(of: id, watch: mutation.now, by: mutation)
      mutation.log(Change(.created, .webhook, [id]))
      return CreateWebhookResponse(webhook: webhook)
    }
    // A reply that is replayed is of another secret than this call's, and a trial made none.
    if reply.webhook?.webhookID == id.text, !request.validateOnly { reply.secret = secret.text }
    return reply
  }

  package func getWebhook(
    _ request: GetWebhookRequest, context: TenantContext
  ) async throws -> GetWebhookResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.webhookID, field: "webhook_id")
    let rows = try await scope.read(WebhookStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    return GetWebhookResponse(webhook: try Webhook(row: rows[0]))
  }

  package func listWebhooks(
    _ request: ListWebhooksRequest, context: TenantContext
  ) async throws -> ListWebhooksResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope)
    let rows = try await scope.read(
      WebhookStatements.list(
        scope.companyID, try paging.cursor(of: request.pageToken)?.uuid(0), Int64(size + 1)))
    let (webhooks, next) = try paging.page(rows, size: size) {
      try Webhook(row: $0)
    } cursor: { _, row in
      PageCursor([.uuid(try row.decode(0))])
    }
    return ListWebhooksResponse(webhooks: webhooks, nextPageToken: next)
  }

  package func updateWebhook(
    _ request: UpdateWebhookRequest, context: TenantContext
  ) async throws -> UpdateWebhookResponse {
    let update = request.webhook ?? Webhook()
    let paths = try UpdateMask.webhook.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var webhook = try await lock(request.webhookID, etag: update.etag, by: mutation).webhook
      try webhook.merge(update, paths: paths)
      try webhook.checkRules(path: "webhook")
      try checkAddress(of: webhook)
      let id = try webhook.uuid
      mutation.enqueue(
        WebhookStatements.update(
          mutation.companyID, id, webhook.url, webhook.description_p, webhook.recordTypes))
      mutation.log(Change(.updated, .webhook, [id], fields: paths))
      return UpdateWebhookResponse(webhook: try await stored(id, by: mutation))
    }
  }

  package func deleteWebhook(
    _ request: DeleteWebhookRequest, context: TenantContext
  ) async throws -> DeleteWebhookResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      let id = try await lock(request.webhookID, etag: request.etag, by: mutation).id
      mutation.enqueue(WebhookStatements.delete(mutation.companyID, id))
      courier.setTimers(of: id, by: mutation)
      mutation.log(Change(.deleted, .webhook, [id]))
      return DeleteWebhookResponse()
    }
  }

  /// Locks an endpoint until the end of the transaction and checks the caller's version.
  func lock(_ text: String, etag: String, by mutation: Mutation) async throws -> WebhookSender {
    let id = try UUID(contract: text, field: "webhook_id")
    let rows = try await mutation.query(WebhookStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let sender = try WebhookSender(row: rows[0])
    try Etag.check(etag, against: sender.webhook.etag)
    return sender
  }

  /// An endpoint as it is after what the transaction did to it.
  func stored(_ id: UUID, by mutation: Mutation) async throws -> Webhook {
    try Webhook(row: await mutation.query(WebhookStatements.get(mutation.companyID, id))[0])
  }

  /// Refuses what will never be posted to; of a name, the post itself finds out.
  private func checkAddress(of webhook: Webhook) throws {
    let host = try courier.address(of: webhook).host
    guard !courier.settings.allowsPrivateAddresses,
      let octets = InternetAddress.octets(of: host), !InternetAddress.isPublic(octets)
    else { return }
    throw RPCError.invalidArgument(
      field: "webhook.url", reason: "ADDRESS_REFUSED",
      description: "must have a host on the public internet")
  }
}

extension UpdateMask {
  static let webhook = UpdateMask(
    Webhook.self, changeable: ["url", "description", "record_types"])
}
