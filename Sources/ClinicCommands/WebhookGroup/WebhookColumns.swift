/// How webhooks and their deliveries are shown.
enum WebhookColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "webhookId", isFlexible: false), state, TableColumn("URL", "url"),
    TableColumn("Kinds") { kinds($0).joined(separator: ", ") },
    TableColumn("Sent through", "deliveredSequence"),
    TableColumn("Description", "description")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "webhookId"), TableColumn("URL", "url"),
    TableColumn("Description", "description"),
    TableColumn("Kinds") { kinds($0).joined(separator: "\n") }, state,
    TableColumn("Disabled for") {
      word($0["disableReason"]?.text, "WEBHOOK_DISABLE_REASON_")
    },
    TableColumn("Sent through", "deliveredSequence"),
    TableColumn("Failed attempts", "failedAttempts"), TableColumn("Dead letters", "deadLetters"),
    TableColumn("Next attempt", "nextAttemptTime"),
    TableColumn("Old secret until", "previousSecretExpireTime"),
    TableColumn("Created", "createTime"), TableColumn("Changed", "updateTime"),
    TableColumn("Etag", "etag")
  ]

  /// The columns of deliveries.
  static let deliveries = [
    TableColumn("Id", "webhookDeliveryId", isFlexible: false),
    TableColumn("State") { word($0["state"]?.text, "WEBHOOK_DELIVERY_STATE_") },
    TableColumn("After", "afterSequence"), TableColumn("Through", "sequence"),
    TableColumn("Changes", "changeCount"), TableColumn("Attempts", "attemptCount"),
    TableColumn("Last answer") { delivery in
      delivery["attempts"]?.elements.last.map(answer) ?? ""
    },
    TableColumn("Next attempt", "nextAttemptTime")
  ]

  /// The lines of a delivery.
  static let delivery = [
    TableColumn("Id", "webhookDeliveryId"),
    TableColumn("State") { word($0["state"]?.text, "WEBHOOK_DELIVERY_STATE_") },
    TableColumn("After", "afterSequence"), TableColumn("Through", "sequence"),
    TableColumn("Changes", "changeCount"), TableColumn("Attempts", "attemptCount"),
    TableColumn("Last answers") { delivery in
      delivery["attempts"]?.elements.map(answer).joined(separator: "\n") ?? ""
    },
    TableColumn("Next attempt", "nextAttemptTime"), TableColumn("Finished", "finishTime")
  ]

  /// The lines of an attempt.
  static let attempt = [
    TableColumn("Answer", text: answer), TableColumn("Milliseconds", "durationMs"),
    TableColumn("At", "attemptTime")
  ]

  private static let state = TableColumn("State", isFlexible: false) {
    word($0["state"]?.text, "WEBHOOK_STATE_")
  }

  private static func kinds(_ webhook: JSONValue) -> [String] {
    let kinds = webhook["recordTypes"]?.elements.compactMap(\.text) ?? []
    return kinds.isEmpty ? ["all"] : kinds
  }

  /// `204`, or `TLS: the certificate has expired`.
  private static func answer(_ attempt: JSONValue) -> String {
    let failure = word(attempt["failure"]?.text, "WEBHOOK_FAILURE_")
    let status = attempt["statusCode"]?.scalarText ?? ""
    let detail = attempt["detail"]?.text ?? ""
    if failure.isEmpty || failure == "status" { return status }
    return detail.isEmpty ? failure : "\(failure): \(detail)"
  }

  /// `disabled` for `WEBHOOK_STATE_DISABLED`.
  private static func word(_ name: String?, _ prefix: String) -> String {
    (name ?? "").trimmingPrefix(prefix).lowercased().replacing("_", with: " ")
  }
}
