internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCTransport
internal import struct Foundation.UUID

/// What is posted to an endpoint.
struct WebhookMessage: Sendable {
  /// The same each time that it is tried.
  let id: String
  let body: [UInt8]
  let address: WebhookAddress
  let secrets: [WebhookSecret]

  /// A batch of changes.
  init(
    _ delivery: WebhookDelivery, entries: [ChangeEntry], companyID: UUID, address: WebhookAddress,
    secrets: [WebhookSecret]
  ) throws {
    let event = WebhookEvent(
      type: "changes", timestamp: delivery.createTime,
      data: WebhookChanges(
        companyID: companyID.text, webhookID: delivery.webhookID,
        afterSequence: delivery.afterSequence, sequence: delivery.sequence,
        changes: entries.map(\.published)))
    try self.init(id: delivery.webhookDeliveryID, event, address: address, secrets: secrets)
  }

  /// A ping.
  init(pinging address: WebhookAddress, secrets: [WebhookSecret]) throws {
    let event = WebhookEvent(type: "ping", timestamp: Timestamp(PostgresTimestamp.now))
    try self.init(id: UUIDv7.make().text, event, address: address, secrets: secrets)
  }

  private init(
    id: String, _ event: WebhookEvent, address: WebhookAddress, secrets: [WebhookSecret]
  ) throws {
    self.id = id
    self.address = address
    self.secrets = secrets
    body = try event.jsonUTF8()
  }

  /// The headers of an attempt.
  func headers(at timestamp: Int64) -> [(name: String, value: String)] {
    let signatures = secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) }
    return [
      ("content-type", "application/json"), ("user-agent", "clinic-rpc-webhooks/1"),
      ("webhook-id", id), ("webhook-timestamp", "\(timestamp)"),
      ("webhook-signature", signatures.joined(separator: " "))
    ]
  }
}

extension ChangeEntry {
  /// What partners and other readers see of an entry: its PUBLIC fields. Not the chain either: an entry's hash
  /// covers the reason, and would confirm a guess of it.
  var published: ChangeEntry {
    var entry = self
    entry.actor?.displayName = ""
    entry.sessionID = ""
    entry.apiKeyID = ""
    entry.reason = ""
    entry.previousHash = []
    entry.hash = []
    return entry
  }
}
