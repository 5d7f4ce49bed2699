internal import ClinicContracts
internal import Logging
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

extension TimerKind {
  /// An endpoint that waits for changes looks at the log.
  static let webhookWatch = TimerKind(name: "webhook_watch")
  /// An endpoint tries again; or its attempt was lost with its server. Of a kind of its own, so that
  /// those that fail do not hold back those that do not.
  static let webhookRetry = TimerKind(name: "webhook_retry")
}

/// Takes a clinic's changes to its endpoints, whichever server it runs on.
///
/// A delivery is a row, made in the transaction that reads the log from where the endpoint's last one
/// ended; the same transaction leases the endpoint to the attempt. The post is made outside of any
/// transaction, and another one notes what it came to and ends the lease. A server that dies in
/// between leaves the delivery to whoever finds the lease over: nothing is left out, and what was
/// received already comes again with the same id.
struct WebhookCourier: Sendable {
  /// The most changes of a delivery.
  static let mostChanges = 100

  let database: Database
  let vault: WebhookVault
  let post: WebhookPost
  let logger: Logger

  var settings: WebhookSettings { post.settings }

  /// An attempt that is under way.
  struct Attempt: Sendable {
    let id: UUID
    let webhookID: UUID
    let webhookDeliveryID: UUID
    let message: WebhookMessage
  }

  /// What is to be done for an endpoint.
  enum Step: Sendable {
    case attempt(Attempt)
    /// Nothing of what was looked through is wanted: there may be more.
    case lookOn
    /// The log ends here.
    case wait(position: Int64)
    /// Nothing, until a timer is due.
    case rest
  }

  /// Has a queue send what is due. Those that wait for changes and those that failed each have a
  /// part of the server's attempts, and no clinic has more than its share of either.
  func register(with timers: TimerQueue) {
    for kind in [TimerKind.webhookWatch, .webhookRetry] {
      timers.handle(kind, width: 32, share: 8) { try await serve($0) }
    }
  }

  /// Sends what there is for an endpoint, for about as long as an attempt may take: then others have
  /// their turn.
  func serve(_ timer: DueTimer) async throws {
    let end = Deadline.after(settings.timeout)
    var step = try await change(in: timer.companyID) {
      try await begin(timer.subjectID, by: $0)
    }
    while true {
      switch step {
      case .rest: return
      case .attempt(let attempt):
        let result = await post.send(attempt.message)
        let goesOn = result != nil && !end.hasPassed
        step = try await settling(attempt, result, goesOn: goesOn, in: timer.companyID)
      case .lookOn:
        guard !end.hasPassed else { return }
        step = try await change(in: timer.companyID) { try await begin(timer.subjectID, by: $0) }
      case .wait(let position):
        // A change that was committed before it was known that this endpoint waits told nobody.
        guard try await ChangeLog.end(in: timer.companyID, of: database) > position else { return }
        step = try await change(in: timer.companyID) { try await begin(timer.subjectID, by: $0) }
      }
    }
  }

  private func change<Result: Sendable>(
    in companyID: UUID, _ body: (Mutation) async throws -> Result
  ) async throws -> Result {
    try await SystemActor.change(in: companyID, of: database, body)
  }

  /// Notes a result, also where the server stops: another one goes on at once.
  private func settling(
    _ attempt: Attempt, _ result: WebhookAttempt?, goesOn: Bool, in companyID: UUID
  ) async throws -> Step {
    // Not cancelled with its caller, who waits for it.
    try await Task {
      try await change(in: companyID) { mutation in
        let isDone = try await settle(attempt, result, by: mutation) != nil
        guard isDone, goesOn else { return .rest }
        return try await begin(attempt.webhookID, by: mutation)
      }
    }.value
  }

  // MARK: Beginning

  /// Looks what is to be done for an endpoint, and sets its timers.
  func begin(_ webhookID: UUID, by mutation: Mutation) async throws -> Step {
    let companyID = mutation.companyID
    let rows = try await mutation.query([
      WebhookStatements.lock(companyID, webhookID), WebhookStatements.pending(companyID, webhookID)
    ])
    guard rows[0].count == 1 else {
      setTimers(of: webhookID, by: mutation)
      return .rest
    }
    let sender = try WebhookSender(row: rows[0][0])
    guard sender.webhook.state == .active else {
      setTimers(of: webhookID, by: mutation)
      return .rest
    }
    guard sender.isInService else {
      setTimers(of: webhookID, watch: heartbeat(after: mutation.now), by: mutation)
      return .rest
    }
    if let until = sender.leasedUntil {
      setTimers(of: webhookID, retry: until, by: mutation)
      return .rest
    }
    guard rows[1].count == 1 else { return try await beginNext(sender, by: mutation) }
    let stored = try StoredDelivery(row: rows[1][0])
    if let next = stored.delivery.nextAttemptTime.map(PostgresTimestamp.init), next > mutation.now {
      setTimers(of: webhookID, retry: next, by: mutation)
      return .rest
    }
    return .attempt(try await lease(sender, stored, by: mutation))
  }

  /// Makes the next delivery of what follows in the log.
  private func beginNext(_ sender: WebhookSender, by mutation: Mutation) async throws -> Step {
    let companyID = mutation.companyID
    let rows = try await mutation.query(
      ChangeLog.after(companyID, sender.position, Int64(ChangeLog.page)))
    let entries = try (0..<rows.count).map { try ChangeEntry(row: rows[$0]) }
    guard let last = entries.last else {
      let month = UUIDv7.lowerBound(
        milliseconds: UInt64(max(mutation.now.unixSeconds - 30 * 86_400, 0)) * 1_000)
      mutation.enqueue(WebhookStatements.forget(companyID, sender.id, month))
      setTimers(of: sender.id, watch: heartbeat(after: mutation.now), by: mutation)
      return .wait(position: sender.position)
    }
    let types = Set(sender.webhook.recordTypes)
    let wanted = entries.filter { types.isEmpty || types.contains($0.recordType) }
    let batch = wanted.prefix(Self.mostChanges)
    let end = wanted.count > batch.count ? batch[batch.endIndex - 1].sequence : last.sequence
    guard !batch.isEmpty else {
      mutation.enqueue(WebhookStatements.move(companyID, sender.id, end))
      setTimers(of: sender.id, watch: mutation.now, by: mutation)
      return .lookOn
    }
    let id = UUIDv7.make()
    let delivery = WebhookDelivery(
      webhookDeliveryID: id.text, webhookID: sender.id.text,
      afterSequence: sender.webhook.deliveredSequence, sequence: end,
      changeCount: Int32(batch.count), state: .pending, createTime: Timestamp(mutation.now))
    mutation.enqueue(
      WebhookStatements.insertDelivery(
        companyID, id, sender.id, delivery.afterSequence, end, delivery.changeCount,
        sender.webhook.recordTypes, Int32(settings.attempts)))
    return .attempt(
      try lease(sender, delivery, id, entries: Array(batch), by: mutation))
  }

  /// Begins an attempt at a delivery that is there.
  func lease(
    _ sender: WebhookSender, _ stored: StoredDelivery, by mutation: Mutation
  ) async throws -> Attempt {
    let rows = try await mutation.query(
      WebhookStatements.entries(
        mutation.companyID, stored.delivery.afterSequence, stored.delivery.sequence,
        stored.recordTypes))
    let entries = try (0..<rows.count).map { try ChangeEntry(row: rows[$0]) }
    return try lease(sender, stored.delivery, stored.id, entries: entries, by: mutation)
  }

  private func lease(
    _ sender: WebhookSender, _ delivery: WebhookDelivery, _ webhookDeliveryID: UUID,
    entries: [ChangeEntry], by mutation: Mutation
  ) throws -> Attempt {
    let message = try WebhookMessage(
      delivery, entries: entries, companyID: mutation.companyID,
      address: address(of: sender.webhook),
      secrets: sender.secrets(in: mutation.companyID, from: vault))
    let id = UUIDv7.make()
    let until = mutation.now.advanced(by: settings.lease)
    mutation.enqueue(WebhookStatements.lease(mutation.companyID, sender.id, id, until))
    setTimers(of: sender.id, retry: until, by: mutation)
    return Attempt(
      id: id, webhookID: sender.id, webhookDeliveryID: webhookDeliveryID, message: message)
  }

  /// Where an endpoint is.
  func address(of webhook: Webhook) throws -> WebhookAddress {
    try WebhookAddress(webhook.url, allowsPlain: settings.allowsPrivateAddresses)
  }

  // MARK: Ending

  /// Notes what an attempt came to, and sets the endpoint's timers; nil where its delivery is gone.
  ///
  /// - Parameter result: nil where the server did not wait for it.
  @discardableResult
  func settle(
    _ attempt: Attempt, _ result: WebhookAttempt?, by mutation: Mutation
  ) async throws -> WebhookDelivery? {
    let companyID = mutation.companyID
    let rows = try await mutation.query([
      WebhookStatements.lock(companyID, attempt.webhookID),
      WebhookStatements.delivery(companyID, attempt.webhookDeliveryID)
    ])
    guard rows[0].count == 1 else { return nil }
    let sender = try WebhookSender(row: rows[0][0])
    if sender.attemptID == attempt.id {
      let none: (UUID?, PostgresTimestamp?) = (nil, nil)
      mutation.enqueue(WebhookStatements.lease(companyID, sender.id, none.0, none.1))
    }
    // Begins anew unless the failure says when.
    if sender.webhook.state == .active {
      setTimers(of: sender.id, watch: mutation.now, by: mutation)
    }
    guard rows[1].count == 1 else { return nil }
    let stored = try StoredDelivery(row: rows[1][0])
    guard let result, stored.delivery.state != .delivered else { return stored.delivery }
    try note(result, sender, stored, by: mutation)
    let noted = try await mutation.query(
      WebhookStatements.delivery(companyID, attempt.webhookDeliveryID))
    return try StoredDelivery(row: noted[0]).delivery
  }

  private func note(
    _ result: WebhookAttempt, _ sender: WebhookSender, _ stored: StoredDelivery,
    by mutation: Mutation
  ) throws {
    let webhook = sender.webhook
    let isAcknowledged = result.failure == .unspecified
    var state = stored.delivery.state
    var next: PostgresTimestamp?
    var end = state == .pending ? stored.delivery.sequence : 0
    var failures = (attempts: webhook.failedAttempts + 1, deadLetters: webhook.deadLetters)
    var reason = WebhookDisableReason.unspecified
    if isAcknowledged {
      state = .delivered
      failures = (0, 0)
    } else if state == .pending, result.statusCode == 410 {
      reason = .gone
      end = 0
    } else if state == .pending, stored.attemptsLeft <= 1 {
      state = .dead
      failures.deadLetters += 1
      if failures.deadLetters >= settings.deadLetters { reason = .deadLetters }
    } else if state == .pending {
      next = mutation.now.advanced(
        by: settings.pause(
          afterAttempt: settings.attempts - stored.attemptsLeft + 1,
          chance: Double.random(in: 0...1)))
      end = 0
    }
    mutation.enqueue(
      WebhookStatements.note(
        mutation.companyID, stored.id, Int16(truncatingIfNeeded: state.rawValue),
        result.attemptTime.map(PostgresTimestamp.init) ?? mutation.now, result.durationMs,
        result.statusCode, Int16(truncatingIfNeeded: result.failure.rawValue), result.detail, next))
    mutation.enqueue(
      WebhookStatements.settle(
        mutation.companyID, sender.id, end, failures.attempts, failures.deadLetters))
    guard webhook.state == .active else { return }
    if let next { setTimers(of: sender.id, retry: next, by: mutation) }
    if reason != .unspecified { disable(sender, reason, by: mutation) }
  }

  private func disable(
    _ sender: WebhookSender, _ reason: WebhookDisableReason, by mutation: Mutation
  ) {
    mutation.enqueue(
      WebhookStatements.setState(
        mutation.companyID, sender.id, Int16(truncatingIfNeeded: WebhookState.disabled.rawValue),
        Int16(truncatingIfNeeded: reason.rawValue), false))
    setTimers(of: sender.id, by: mutation)
    mutation.log(Change(.disabled, .webhook, [sender.id], fields: ["state", "disable_reason"]))
    logger.notice(
      "webhook disabled",
      metadata: ["company": "\(mutation.companyID.text)", "webhook": "\(sender.id.text)"])
  }

  // MARK: Timers

  /// Sets both timers of an endpoint, or takes them away.
  func setTimers(
    of webhookID: UUID, watch: PostgresTimestamp? = nil, retry: PostgresTimestamp? = nil,
    by mutation: Mutation
  ) {
    mutation.setTimer(.webhookWatch, of: webhookID, to: watch)
    mutation.setTimer(.webhookRetry, of: webhookID, to: retry)
  }

  /// The next look at the log without an announcement, not all endpoints at once.
  private func heartbeat(after now: PostgresTimestamp) -> PostgresTimestamp {
    now.advanced(by: settings.heartbeat * Double.random(in: 0.8...1.2))
  }
}
