import CLibPQ

extension IOWorker {
  func subscribe(_ subscriber: NotificationSubscriber) {
    guard drainDeadline == nil else { return subscriber.finish() }
    listener.subscribers[ObjectIdentifier(subscriber)] = subscriber
    switch listener.state {
    case .idle:
      listener.state = .connecting
      connect(.listener)
    case .connected(let id):
      if let connection = connections[id] { updateChannels(on: connection) }
    case .connecting, .waiting:
      break
    }
  }

  func unsubscribe(_ subscriber: NotificationSubscriber) {
    let id = ObjectIdentifier(subscriber)
    listener.subscribers[id] = nil
    listener.started.remove(id)
    if case .connected(let id) = listener.state, let connection = connections[id] {
      updateChannels(on: connection)
    }
  }

  func listenerConnected(_ connection: IOConnection) {
    listener.state = .connected(connection.id)
    listener.backoff.reset()
    updateChannels(on: connection)
  }

  func runListenerTimers() {
    guard case .waiting(let until) = listener.state, drainDeadline == nil else { return }
    if until <= now {
      listener.state = .connecting
      connect(.listener)
    } else {
      wakeAt = min(wakeAt, until)
    }
  }

  /// Sends LISTEN and UNLISTEN for what changed among the readers.
  private func updateChannels(on connection: IOConnection) {
    let wanted = listener.wanted
    let added = wanted.subtracting(listener.active)
    let removed = listener.active.subtracting(wanted)
    listener.active.subtract(removed)
    let statements =
      added.sorted().map { "listen " + SQLQuery.quoted(identifier: $0) }
      + removed.sorted().map { "unlisten " + SQLQuery.quoted(identifier: $0) }
    guard !statements.isEmpty else { return listener.announce() }
    let call = PostgresCall(
      .batch(statements.map { SQLQuery(raw: $0).resolved(isPreparable: false) }),
      firstWanted: .max, deadline: now + .seconds(10))
    let id = connection.id
    // The worker outlives its calls; the connection may be gone by then.
    call.onFinish = { [unowned self] error in
      guard let connection = self.connections[id] else { return }
      guard error == nil else { return self.lose(connection) }
      self.listener.active.formUnion(added)
      self.announceReconnect()
    }
    submitLeased(call, connection: id)
  }

  private func announceReconnect() {
    if listener.isReconnect, listener.wanted.isSubset(of: listener.active) {
      listener.isReconnect = false
      for (id, subscriber) in listener.subscribers where listener.started.contains(id) {
        subscriber.send(.gap(.reconnected))
      }
    }
    listener.announce()
  }

  /// Hands on the notifications that libpq has parsed.
  func deliverNotifications(from connection: IOConnection) {
    guard connections[connection.id] != nil else { return }
    while let notice = PQnotifies(connection.pg) {
      listener.deliver(
        PostgresNotification(
          channel: String(cString: notice.pointee.relname),
          payload: String(cString: notice.pointee.extra),
          processID: notice.pointee.be_pid))
      PQfreemem(notice)
    }
  }
}
