import DequeModule
import Synchronization

extension IOWorker {
  /// Does everything that is due and finds the next moment with work.
  ///
  /// Deadlines are not kept in order: each submission only lowers ``wakeAt``, and this looks at
  /// every open call, which is rare because most calls end long before their deadline.
  func runTimers() {
    wakeAt = .distantFuture
    expireCalls()
    expireLeases()
    reconnectShared()
    if poolRetryAt != nil { growPool() }
    closeIdleLeases()
    runListenerTimers()
    let open = connections.values.filter { !$0.inFlight.isEmpty }
    for connection in open {
      cancelIfAbandoned(connection)
      if connection.usesTLS, connections[connection.id] != nil { read(connection) }
    }
    if let drainDeadline { wakeAt = min(wakeAt, drainDeadline, now + .milliseconds(20)) }
    // A burst of distinct deadlines must not make this run for each of them.
    wakeAt = max(wakeAt, now + .milliseconds(1))
  }

  private func expireCalls() {
    let isDown = downSince.map { $0 + configuration.outagePatience <= now } ?? false
    queue.forEach { call in
      if isDown {
        finish(call, outageError)
      } else {
        expire(call)
      }
    }
    queue.removeFinished()
    if let downSince, !queue.isEmpty {
      wakeAt = min(wakeAt, downSince + configuration.outagePatience)
    }
    for connection in connections.values {
      for call in connection.inFlight { call.forEachCaller(expire) }
      for call in connection.held { expire(call) }
    }
  }

  private func expire(_ call: PostgresCall) {
    guard !call.isFinished else { return }
    guard call.deadline <= now else {
      wakeAt = min(wakeAt, call.deadline)
      return
    }
    var wasSent = false
    if case .sent = call.phase { wasSent = true }
    abandon(
      call,
      PostgresClientError(
        .deadlineExceeded, wasSent ? "no answer in time" : "not sent in time",
        mayHaveExecuted: wasSent))
  }

  private func expireLeases() {
    for request in pool.waiters where !request.isFinished {
      if request.deadline <= now {
        finish(request, .failure(leaseTimeoutError))
      } else {
        wakeAt = min(wakeAt, request.deadline)
      }
    }
    pool.removeWaiters(where: \.isFinished)
  }

  private var leaseTimeoutError: PostgresClientError {
    if pool.inUseCount == 0, lastConnectError != nil { return outageError }
    return PostgresClientError(
      .poolTimeout, "all \(configuration.leasedConnections) connections were in use")
  }

  private func reconnectShared() {
    guard drainDeadline == nil else { return }
    for slot in shared.indices {
      guard let retryAt = shared[slot].retryAt else { continue }
      if retryAt <= now {
        shared[slot].retryAt = nil
        connect(.shared(slot: slot))
      } else {
        wakeAt = min(wakeAt, retryAt)
      }
    }
  }

  // MARK: Shutdown

  /// Whether a shutdown was asked for and nothing is under way, or its time is over.
  var isDrained: Bool {
    guard let drainDeadline else { return false }
    if drainDeadline <= now { return true }
    return queue.isEmpty && pool.inUseCount == 0 && pool.waiters.allSatisfy(\.isFinished)
      && connections.values.allSatisfy { $0.inFlight.isEmpty && $0.held.isEmpty }
  }

  /// Closes every connection and answers everybody.
  func close() {
    connector.stop()
    canceller.stop()
    let error = PostgresClientError(.shutDown, "the client was shut down")
    for command in loop.closeInbox() {
      switch command {
      case .submit(let call), .submitLeased(let call, _): finish(call, error)
      case .acquire(let request): finish(request, .failure(error))
      case .connectFinished(_, .success(let handover)): Self.discard(handover)
      case .subscribe(let subscriber): subscriber.finish()
      default: break
      }
    }
    queue.forEach { finish($0, error) }
    for request in pool.waiters { finish(request, .failure(error)) }
    queue.removeFinished()
    for connection in connections.values {
      for batch in connection.inFlight {
        batch.forEachCaller {
          finish(
            $0, PostgresClientError(.shutDown, "the client was shut down", mayHaveExecuted: true))
        }
      }
      for call in connection.held { finish(call, error) }
      connection.close()
    }
    connections.removeAll()
    listener.finish()
    resumeFinished()
  }
}
