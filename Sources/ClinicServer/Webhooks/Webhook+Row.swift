internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension Webhook {
  /// An endpoint from the columns of the statements.
  init(row: PostgresRow) throws {
    self.init(
      webhookID: try row.decode(0, as: UUID.self).text, url: try row.decode(1),
      description_p: try row.decode(2), recordTypes: try row.decode(3),
      state: WebhookState(rawValue: Int32(try row.decode(4, as: Int16.self))),
      disableReason: WebhookDisableReason(rawValue: Int32(try row.decode(5, as: Int16.self))),
      deliveredSequence: try row.decode(6), failedAttempts: try row.decode(7),
      deadLetters: try row.decode(8), nextAttemptTime: try Self.time(row, 9),
      previousSecretExpireTime: try Self.time(row, 10),
      creator: try ActorMessage(row.decode(11, as: UUID.self), names: row, at: 15),
      createTime: try Self.time(row, 12),
      updateTime: try Self.time(row, 13),
      etag: Etag.text(version: try row.decode(14, as: Int64.self)))
  }

  var uuid: UUID {
    get throws { try UUID(contract: webhookID, field: "webhook_id") }
  }

  fileprivate static func time(_ row: PostgresRow, _ column: Int) throws -> Timestamp? {
    try row.decode(column, as: PostgresTimestamp?.self).map(Timestamp.init)
  }
}

/// An endpoint with what it takes to send to it, from the columns of `webhooks.lock`.
struct WebhookSender {
  let webhook: Webhook
  let id: UUID
  /// Up to where the log was looked through.
  let position: Int64
  /// The attempt that was begun last, and until when it counts for being under way.
  let attemptID: UUID?
  let leasedUntil: PostgresTimestamp?
  /// Whether the clinic is in service.
  let isInService: Bool
  private let secret: [UInt8]
  private let previousSecret: [UInt8]?

  init(row: PostgresRow) throws {
    webhook = try Webhook(row: row)
    id = try row.decode(0)
    position = try row.decode(17)
    secret = try row.decode(18)
    previousSecret = try row.decode(19)
    attemptID = try row.decode(20)
    leasedUntil = try row.decode(21)
    isInService = try row.decode(22)
  }

  /// What signs now: two secrets for a while after a rotation.
  func secrets(in companyID: UUID, from vault: WebhookVault) throws -> [WebhookSecret] {
    let isRotating = webhook.previousSecretExpireTime != nil
    return try [secret, isRotating ? previousSecret : nil].compactMap { $0 }
      .map { try vault.open($0, of: id, in: companyID) }
  }
}

/// A delivery with what only the server knows of it, from the columns of the statements.
struct StoredDelivery {
  var delivery: WebhookDelivery
  let id: UUID
  /// The kinds of record that were chosen when it was made.
  let recordTypes: [String]
  /// How often it is tried before it is given up.
  let attemptsLeft: Int

  init(row: PostgresRow) throws {
    delivery = try WebhookDelivery(row: row)
    id = try row.decode(0)
    recordTypes = try row.decode(15)
    attemptsLeft = Int(try row.decode(16, as: Int32.self))
  }
}

extension WebhookDelivery {
  /// A delivery from the columns of the statements.
  init(row: PostgresRow) throws {
    let times = try row.decode(7, as: [PostgresTimestamp].self)
    let durations = try row.decode(8, as: [Int32].self)
    let codes = try row.decode(9, as: [Int32].self)
    let failures = try row.decode(10, as: [Int16].self)
    let details = try row.decode(11, as: [String].self)
    self.init(
      webhookDeliveryID: try row.decode(0, as: UUID.self).text,
      webhookID: try row.decode(1, as: UUID.self).text, afterSequence: try row.decode(2),
      sequence: try row.decode(3), changeCount: try row.decode(4),
      state: WebhookDeliveryState(rawValue: Int32(try row.decode(5, as: Int16.self))),
      attemptCount: try row.decode(6),
      attempts: times.indices.map { index in
        WebhookAttempt(
          attemptTime: Timestamp(times[index]), durationMs: durations[index],
          statusCode: codes[index], failure: WebhookFailure(rawValue: Int32(failures[index])),
          detail: details[index])
      },
      nextAttemptTime: try Webhook.time(row, 12), createTime: try Webhook.time(row, 13),
      finishTime: try Webhook.time(row, 14))
  }
}
