import CLibPQ
import DequeModule
import Synchronization

extension IOWorker {
  private static var rollbackTimeout: Duration { .seconds(5) }

  func acquire(_ request: LeaseRequest) {
    request.isPosted = true
    if request.isCancelled.load(ordering: .relaxed) {
      return finish(request, .failure(CancellationError()))
    }
    if drainDeadline != nil {
      let error = PostgresClientError(.shutDown, "the client is shutting down")
      return finish(request, .failure(error))
    }
    switch pool.acquire(request, of: request.tenant) {
    case .lease(let connection):
      finish(request, .success(connection))
    case .wait:
      wakeAt = min(wakeAt, request.deadline)
      growPool()
    case .refuse:
      let error = PostgresClientError(
        .overloaded, "\(configuration.leaseWaiters) callers wait for a connection already")
      finish(request, .failure(error))
    }
  }

  /// The caller's task was cancelled. Of a request that has not arrived yet its flag tells.
  func cancel(_ request: LeaseRequest) {
    if request.isPosted { finish(request, .failure(CancellationError())) }
  }

  /// Makes connections for those who wait, unless the last attempt failed just now.
  func growPool() {
    if let retryAt = poolRetryAt {
      guard retryAt <= now else {
        wakeAt = min(wakeAt, retryAt)
        return
      }
      poolRetryAt = nil
    }
    while pool.reserveConnect() { connect(.leased) }
  }

  /// Gives a free connection to whom the pool says.
  func perform(_ assignment: LeasePool<LeaseRequest>.Assignment?) {
    switch assignment {
    case nil: break
    case .keepIdle(let id):
      connections[id]?.idleSince = now
      wakeAt = min(wakeAt, now + configuration.idleTimeout)
    case .lease(let id, let request):
      if request.isFinished {
        perform(pool.release(id))
      } else {
        finish(request, .success(id))
      }
    }
  }

  /// A caller is done with a connection. What it left under way is rolled back first; a connection
  /// that cannot be cleaned is closed.
  func release(_ id: Int) {
    // A connection that died was taken out of the pool then.
    guard let connection = connections[id] else { return }
    if connection.isClean { return perform(pool.release(id)) }
    let rollback = PostgresCall(
      .batch([TransactionStatements.rollback]), firstWanted: .max,
      deadline: now + Self.rollbackTimeout)
    // The worker outlives its calls; the connection may be gone by then.
    rollback.onFinish = { [unowned self] error in
      guard let connection = self.connections[id] else { return }
      if error == nil, connection.isClean {
        self.perform(self.pool.release(connection.id))
      } else {
        self.lose(connection)
      }
    }
    for call in connection.held {
      finish(call, PostgresClientError(.leaseEnded, "the connection was given back"))
    }
    submitLeased(rollback, connection: id)
  }

  /// Closes leased connections that nobody needed for a while.
  func closeIdleLeases() {
    for id in pool.idle {
      guard let connection = connections[id] else { continue }
      let closesAt = connection.idleSince + configuration.idleTimeout
      if closesAt <= now {
        perform(pool.lost(id))
        connections[id] = nil
        loop.poller.remove(connection.socket)
        connection.close()
      } else {
        wakeAt = min(wakeAt, closesAt)
      }
    }
  }
}
