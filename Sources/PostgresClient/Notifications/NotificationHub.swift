/// The listening connection's readers and its state. Belongs to the I/O thread.
struct NotificationHub {
  enum State {
    /// Nobody listens.
    case idle
    case connecting
    case connected(Int)
    case waiting(until: MonotonicTime)
  }

  var state = State.idle
  /// Channels that LISTEN was answered for.
  var active: Set<String> = []
  var subscribers: [ObjectIdentifier: NotificationSubscriber] = [:]
  /// Readers who got their first event.
  var started: Set<ObjectIdentifier> = []
  /// The connection died since the readers were told to read their state.
  var isReconnect = false
  var backoff: Backoff

  init(backoff: Backoff) { self.backoff = backoff }

  /// The channels that somebody reads.
  var wanted: Set<String> {
    subscribers.values.reduce(into: []) { $0.formUnion($1.channels) }
  }

  mutating func connectFailed(at now: MonotonicTime) {
    state = .waiting(until: now + backoff.next())
  }

  mutating func connectionLost(at now: MonotonicTime) {
    active = []
    isReconnect = true
    state = subscribers.isEmpty ? .idle : .waiting(until: now + backoff.next())
  }

  /// Tells the readers whose channels are all listened to that they may read their state.
  mutating func announce() {
    for (id, subscriber) in subscribers where !started.contains(id) {
      guard subscriber.channels.isSubset(of: active) else { continue }
      started.insert(id)
      subscriber.send(.gap(.started))
    }
  }

  func deliver(_ notification: PostgresNotification) {
    for (id, subscriber) in subscribers
    where started.contains(id) && subscriber.channels.contains(notification.channel) {
      subscriber.send(.notification(notification))
    }
  }

  mutating func finish() {
    for subscriber in subscribers.values { subscriber.finish() }
    subscribers.removeAll()
  }
}
