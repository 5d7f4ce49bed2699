import CLibPQ
import DequeModule
import Synchronization

extension IOWorker {
  /// A shared connection whose oldest batch takes longer than this (nanoseconds) gets no further
  /// ones: they could not be taken back from behind it.
  private static var stallThreshold: UInt64 { 25_000_000 }
  /// How long an abandoned batch of the shared lane may go on before its statement is cancelled:
  /// a cancel request costs the server a new process, and most batches end sooner.
  static var cancelGrace: Duration { .milliseconds(10) }
  /// One batch of a tenant runs, and one is there to follow it.
  private static let batchesPerLane = 2
  /// After a cancel request a stray signal may hit a later batch within this time.
  private static var cancelHazard: Duration { .seconds(1) }

  // MARK: Shared lane

  func submit(_ call: PostgresCall) {
    if call.isCancelled.load(ordering: .relaxed) {
      return finish(call, CancellationError())
    }
    if drainDeadline != nil {
      return finish(call, PostgresClientError(.shutDown, "the client is shutting down"))
    }
    if let downSince, now > downSince + configuration.outagePatience {
      return finish(call, outageError)
    }
    if call.deadline <= now {
      return finish(
        call, PostgresClientError(.deadlineExceeded, "the deadline had passed already"))
    }
    call.phase = .queued
    queue.append(call)
    wakeAt = min(wakeAt, call.deadline)
  }

  /// The error of calls that cannot be sent because there is no connection.
  var outageError: PostgresClientError {
    PostgresClientError(
      .connectionFailure, "no connection to PostgreSQL: \(lastConnectError?.message ?? "lost")",
      cause: lastConnectError?.cause)
  }

  /// Sends waiting calls: behind the tenant's own on the connection that it has, as long as there
  /// are few, otherwise on the connection that has the least to do. A busy tenant so has one
  /// process of the server at work, whose batches grow with the load, and leaves others idle ones.
  /// What waits in a connection that is stuck does not count against the tenant.
  func dispatchShared() {
    while !queue.isEmpty {
      let (free, stuck) = sharedConnections()
      guard let idlest = free, let batch = queue.next(depth: Self.batchesPerLane * (1 + stuck))
      else { return }
      metrics.sharedBatches += 1
      var connection = idlest
      if let lane = batch.lane {
        if let known = lane.connection.flatMap({ connections[$0] }), takesBatches(known),
          known.inFlight.count < Self.batchesPerLane
        {
          connection = known
        }
        lane.connection = connection.id
      }
      send(batch, on: connection)
    }
  }

  /// The connection that has the least to do among those that take batches, and how many take none.
  private func sharedConnections() -> (idlest: IOConnection?, stuck: Int) {
    var (best, stuck): (IOConnection?, Int) = (nil, 0)
    for slot in shared {
      guard let connection = slot.connection else { continue }
      guard takesBatches(connection) else {
        stuck += 1
        continue
      }
      if connection.inFlight.count < best?.inFlight.count ?? .max { best = connection }
    }
    return (best, stuck)
  }

  private func takesBatches(_ connection: IOConnection) -> Bool {
    let depth = connection.inFlight.count
    guard !connection.isCancelling, depth < configuration.batchesPerConnection else { return false }
    let stalledBefore = now.nanoseconds &- Self.stallThreshold
    return depth == 0 || connection.lastProgress.nanoseconds >= stalledBefore
  }

  /// A batch's Sync arrived.
  func completed(_ call: PostgresCall, on connection: IOConnection) {
    connection.lastProgress = now
    connection.askedToEndAt = nil
    defer {
      sendHeld(on: connection)
      // What runs now may have been given up while it waited.
      if connections[connection.id] != nil { cancelIfAbandoned(connection) }
    }
    if case .shared = connection.role { queue.left(call) }
    guard call.calls.isEmpty else { return completedShared(call, on: connection) }
    guard !call.isFinished else { return }
    guard let failure = call.failure else { return finish(call, nil) }
    guard mayRunAgain(call, after: failure, on: connection) else {
      return finish(call, failure)
    }
    if case .shared = connection.role { return runAgain(call) }
    metrics.rerun += 1
    call.prepareForAnotherAttempt()
    connection.held.prepend(call)
  }

  /// Hands each caller of a batch its rows. A failed batch was rolled back as a whole: the call
  /// that failed it gets the error, the others run again, each alone.
  private func completedShared(_ batch: PostgresCall, on connection: IOConnection) {
    for (call, share) in zip(batch.calls, batch.shares) where !call.isFinished {
      guard var failure = batch.failure else {
        call.rows = [batch.rows(of: share)]
        finish(call, nil)
        continue
      }
      // A cancel request may have been meant for another caller of the batch.
      let isItsOwn =
        failure.statementIndex == share.place + 1 && failure.sqlState != .queryCanceled
        && share.key == nil
      if isItsOwn, !batch.isStale {
        failure.statementIndex = 1
        finish(call, failure)
      } else {
        runAgain(call)
      }
    }
  }

  /// Puts a call of the shared lane back in front.
  func runAgain(_ call: PostgresCall) {
    metrics.rerun += 1
    call.prepareForAnotherAttempt()
    queue.prepend(call)
  }

  /// A failed batch that was an implicit transaction left nothing behind, so it may run again if
  /// its statements were stale or if it was hit by a cancel signal meant for a neighbour.
  private func mayRunAgain(
    _ call: PostgresCall, after failure: PostgresError, on connection: IOConnection
  ) -> Bool {
    guard call.attempts < 3, connection.inFlight.isEmpty || connection.role != .leased else {
      return false
    }
    if case .shared = connection.role {
      let isStray = failure.sqlState == .queryCanceled && now < connection.cancelHazardUntil
      return isStray || call.isStale
    }
    return call.isStale && PQtransactionStatus(connection.pg) == PQTRANS_IDLE
  }

  // MARK: Leased lane

  func submitLeased(_ call: PostgresCall, connection id: Int) {
    if call.isCancelled.load(ordering: .relaxed) {
      return finish(call, CancellationError())
    }
    guard let connection = connections[id] else {
      return finish(
        call, PostgresClientError(.connectionLost, "the leased connection died before the batch"))
    }
    call.phase = .queued
    connection.held.append(call)
    sendHeld(on: connection)
    wakeAt = min(wakeAt, call.deadline)
  }

  /// Sends what a cancel request or a script held back.
  func sendHeld(on connection: IOConnection) {
    while let call = connection.held.first, connections[connection.id] != nil,
      !connection.isCancelling, !connection.isRunningScript
    {
      if call.isFinished {
        connection.held.removeFirst()
        continue
      }
      if case .script = call.work, !connection.inFlight.isEmpty { return }
      connection.held.removeFirst()
      send(call, on: connection)
    }
  }

  // MARK: Cancellation

  /// The caller's task was cancelled: it is answered now, the server is told when that is safe.
  func cancel(_ call: PostgresCall) {
    abandon(call, CancellationError())
  }

  /// Answers a caller before its results arrived.
  func abandon(_ call: PostgresCall, _ error: any Error) {
    guard !call.isFinished else { return }
    // Not posted yet: its command will find the cancellation flag.
    if case .new = call.phase { return }
    finish(call, error)
    call.abandonedAt = now
    guard case .sent(let id) = call.phase, let connection = connections[id] else { return }
    cancelIfAbandoned(connection)
    wakeAt = min(wakeAt, now + Self.cancelGrace)
  }

  /// Cancels what a connection runs if nobody waits for it any longer.
  ///
  /// Only the oldest batch can be running. A signal that comes late hits a neighbour behind it,
  /// whose batch is then rolled back as a whole and runs again, see ``mayRunAgain(_:after:on:)``.
  func cancelIfAbandoned(_ connection: IOConnection) {
    guard let call = connection.inFlight.first, let abandonedAt = call.abandonedAt else { return }
    if let asked = connection.askedToEndAt, asked + .seconds(10) < now {
      // The server ignores cancel requests, or is gone.
      return lose(connection)
    }
    var cancelAt = abandonedAt
    if case .shared = connection.role { cancelAt = cancelAt + Self.cancelGrace }
    if let last = connection.lastCancel { cancelAt = max(cancelAt, last + .seconds(1)) }
    if connection.isCancelling {
      wakeAt = min(wakeAt, now + .milliseconds(100))
      return
    }
    guard cancelAt <= now, let handle = PQgetCancel(connection.pg) else {
      wakeAt = min(wakeAt, max(cancelAt, now + .milliseconds(1)))
      return
    }
    metrics.cancelRequests += 1
    connection.askedToEndAt = connection.askedToEndAt ?? now
    connection.isCancelling = true
    connection.lastCancel = now
    connection.cancelHazardUntil = .distantFuture
    canceller.cancel(handle, connection: connection.id)
  }

  func cancelDelivered(_ id: Int) {
    guard let connection = connections[id] else { return }
    connection.isCancelling = false
    connection.cancelHazardUntil = now + Self.cancelHazard
    sendHeld(on: connection)
    wakeAt = min(wakeAt, now + .seconds(1))
  }
}
