import CLibPQ
import DequeModule
import Logging
import Synchronization

extension IOWorker {
  /// Closes a connection that nobody waits for any longer.
  static func discard(_ handover: Connector.Handover) { PQfinish(handover.pg) }

  /// Asks the connector for a connection.
  func connect(_ role: IOConnection.Role) {
    lastConnectRequest += 1
    connectRequests[lastConnectRequest] = role
    connector.connect(request: lastConnectRequest)
  }

  func connectFinished(
    _ request: Int, _ result: Result<Connector.Handover, PostgresClientError>
  ) {
    guard let role = connectRequests.removeValue(forKey: request) else { return }
    switch result {
    case .failure(let error):
      metrics.connectFailures += 1
      lastConnectError = error
      loop.logger.warning(
        "no connection to PostgreSQL", metadata: ["error": "\(error)", "lane": "\(role)"])
      connectFailed(role)
    case .success(let handover):
      metrics.connects += 1
      lastConnectError = nil
      adopt(handover.pg, role: role)
    }
  }

  private func connectFailed(_ role: IOConnection.Role) {
    switch role {
    case .shared(let slot):
      shared[slot].retryAt = now + shared[slot].backoff.next()
    case .leased:
      pool.connectFailed()
      poolRetryAt = now + poolBackoff.next()
    case .listener:
      listener.connectFailed(at: now)
    }
    wakeAt = now
  }

  private func adopt(_ pg: OpaquePointer, role: IOConnection.Role) {
    // Notices would go to standard error otherwise.
    PQsetNoticeReceiver(pg, { _, _ in }, nil)
    guard drainDeadline == nil || role == .leased,
      PQsetnonblocking(pg, 1) == 0, PQenterPipelineMode(pg) == 1
    else {
      PQfinish(pg)
      connectFailed(role)
      return
    }
    lastConnectionID += 1
    let connection = IOConnection(
      id: lastConnectionID, role: role, pg: pg,
      preparedCapacity: configuration.preparedStatements)
    connection.lastProgress = now
    usesTLS = connection.usesTLS
    connections[connection.id] = connection
    loop.poller.add(connection.socket, token: UInt64(connection.id), wantsWrite: false)
    switch role {
    case .shared(let slot):
      shared[slot].connection = connection
      shared[slot].retryAt = nil
      shared[slot].backoff.reset()
      downSince = nil
      loop.isAvailable.store(true, ordering: .releasing)
    case .leased:
      poolBackoff.reset()
      perform(pool.connected(connection.id))
    case .listener:
      listenerConnected(connection)
    }
  }

  /// A socket is ready.
  func handle(_ event: Poller.Event) {
    guard let connection = connections[Int(event.token)] else { return }
    if event.isWritable || connection.wantsWrite, !connection.flush() {
      return lose(connection)
    }
    if event.isReadable { read(connection) }
    watch(connection)
  }

  /// Reads what the socket has and completes calls.
  func read(_ connection: IOConnection) {
    let isOpen = connection.readInput()
    receive(connection)
    if connection.role == .listener { deliverNotifications(from: connection) }
    if !isOpen { lose(connection) }
  }

  private func receive(_ connection: IOConnection) {
    while connections[connection.id] != nil {
      switch connection.receive() {
      case .nothing: return
      case .lost: return lose(connection)
      case .completed(let call): completed(call, on: connection)
      }
    }
  }

  /// Sends a call; losing the connection fails the call with it.
  func send(_ call: PostgresCall, on connection: IOConnection) {
    wakeAt = min(wakeAt, call.deadline)
    if connection.send(call, scratch: &scratch, now: now) {
      watch(connection)
    } else {
      lose(connection)
    }
  }

  /// Keeps epoll's interest in room to write as libpq needs it.
  private func watch(_ connection: IOConnection) {
    guard connections[connection.id] != nil,
      connection.wantsWrite != connection.isWatchedForRoom
    else { return }
    connection.isWatchedForRoom = connection.wantsWrite
    loop.poller.modify(
      connection.socket, token: UInt64(connection.id), wantsWrite: connection.wantsWrite)
  }

  /// A connection died: answers its calls and sees to a successor.
  func lose(_ connection: IOConnection) {
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    metrics.connectionsLost += 1
    loop.poller.remove(connection.socket)
    let message = connection.lastMessage
    connection.close()
    var rerun: [PostgresCall] = []
    if case .shared = connection.role { connection.inFlight.forEach { queue.left($0) } }
    for call in connection.inFlight.flatMap({ $0.calls.isEmpty ? [$0] : $0.calls })
    where !call.isFinished {
      if let failure = call.failure, !failure.sqlState.endsSession {
        finish(call, failure)
      } else if call.isReadOnly, call.attempts < 3, case .shared = connection.role {
        rerun.append(call)
      } else {
        finish(
          call,
          PostgresClientError(
            .connectionLost, "the connection died with the batch under way",
            // An error that came before the last statement's result proves that nothing was done.
            mayHaveExecuted: call.failure == nil || call.hasAllResults, cause: call.failure))
      }
    }
    rerun.reversed().forEach(runAgain)
    for call in connection.held {
      finish(call, PostgresClientError(.connectionLost, "the connection died before the batch"))
    }
    connection.inFlight.removeAll()
    connection.held.removeAll()
    loop.logger.info(
      "connection to PostgreSQL lost",
      metadata: ["lane": "\(connection.role)", "reason": "\(message)"])
    replace(connection)
  }

  private func replace(_ connection: IOConnection) {
    switch connection.role {
    case .shared(let slot):
      shared[slot].connection = nil
      shared[slot].retryAt = now + shared[slot].backoff.next()
      if shared.allSatisfy({ $0.connection == nil }) {
        downSince = now
        loop.isAvailable.store(false, ordering: .releasing)
      }
    case .leased:
      perform(pool.lost(connection.id))
      growPool()
    case .listener:
      listener.connectionLost(at: now)
    }
    wakeAt = now
  }
}
