import DequeModule

/// The leased lane's bookkeeping as a pure value: which connections are free, in use or being made,
/// and who waits. It is told what happened and answers what to do.
struct LeasePool<Waiter> {
  /// What to do with a caller who wants a connection.
  enum Acquisition {
    /// The connection with this number is the caller's.
    case lease(Int)
    /// The caller waits; see ``LeasePool/reserveConnect()``.
    case wait
    /// Too many callers wait already.
    case refuse
  }

  /// What to do with a connection that became free.
  enum Assignment {
    case lease(Int, to: Waiter)
    case keepIdle(Int)
  }

  let maximum: Int
  let waiterLimit: Int
  /// Free connections, the one used last at the end.
  private(set) var idle: [Int] = []
  private(set) var inUse: Set<Int> = []
  private(set) var connecting = 0
  private(set) var waiters: Deque<Waiter> = []

  init(maximum: Int, waiterLimit: Int) {
    self.maximum = maximum
    self.waiterLimit = waiterLimit
  }

  var total: Int { idle.count + inUse.count + connecting }

  /// A caller wants a connection. Nobody overtakes those who wait.
  mutating func acquire(_ waiter: Waiter) -> Acquisition {
    if waiters.isEmpty, let connection = idle.popLast() {
      inUse.insert(connection)
      return .lease(connection)
    }
    // A caller for whom a connection is being made is no burden on those who wait for a free one.
    let limit = waiterLimit + (maximum - idle.count - inUse.count)
    guard maximum > 0, waiters.count < limit else { return .refuse }
    waiters.append(waiter)
    return .wait
  }

  /// A connection was made.
  mutating func connected(_ connection: Int) -> Assignment {
    connecting -= 1
    return assign(connection)
  }

  /// A connection could not be made.
  mutating func connectFailed() { connecting -= 1 }

  /// Whether one more connection should be made now; counts it as being made.
  mutating func reserveConnect() -> Bool {
    guard canGrow else { return false }
    connecting += 1
    return true
  }

  /// A caller gave a usable connection back; nil if the pool does not know it.
  mutating func release(_ connection: Int) -> Assignment? {
    guard inUse.remove(connection) != nil else { return nil }
    return assign(connection)
  }

  /// A connection died or was discarded, in use or not.
  mutating func lost(_ connection: Int) {
    inUse.remove(connection)
    idle.removeAll { $0 == connection }
  }

  /// Drops the waiters that `isGone` says are not waiting any longer.
  mutating func removeWaiters(where isGone: (Waiter) -> Bool) {
    waiters.removeAll(where: isGone)
  }

  /// A connection is worth making while callers wait that those being made will not serve.
  private var canGrow: Bool { total < maximum && waiters.count > connecting }

  private mutating func assign(_ connection: Int) -> Assignment {
    if let waiter = waiters.popFirst() {
      inUse.insert(connection)
      return .lease(connection, to: waiter)
    }
    idle.append(connection)
    return .keepIdle(connection)
  }
}
