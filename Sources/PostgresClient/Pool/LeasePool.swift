import DequeModule

/// The leased lane's bookkeeping as a pure value: which connections are free, in use or being made,
/// and who waits. It is told what happened and answers what to do.
///
/// Those who wait are in a lane for each tenant, and the lanes take turns. An eighth of the
/// connections is nobody's to keep: a tenant that holds all the others waits, though some are free,
/// so that its long transactions leave room for another's short ones.
struct LeasePool<Waiter> {
  /// Whose connections count together: what enters the tenant. Nil for none, which has no bound.
  typealias Tenant = SharedQueue.Prelude

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
  /// The most connections that one tenant holds.
  let tenantMaximum: Int
  /// Free connections, the one used last at the end.
  private(set) var idle: [Int] = []
  /// Connections in use, and whose they are.
  private var holders: [Int: Tenant?] = [:]
  private var held: [Tenant: Int] = [:]
  private(set) var connecting = 0

  private var lanes: [Tenant?: Deque<Waiter>] = [:]
  /// The tenants with waiters, the next in turn first.
  private var turns: Deque<Tenant?> = []
  private(set) var waiterCount = 0

  init(maximum: Int, waiterLimit: Int) {
    self.maximum = maximum
    self.waiterLimit = waiterLimit
    tenantMaximum = maximum - maximum / 8
  }

  var total: Int { idle.count + holders.count + connecting }

  /// How many connections are in use.
  var inUseCount: Int { holders.count }

  /// Everybody who waits.
  var waiters: some Sequence<Waiter> { lanes.values.joined() }

  /// A caller wants a connection. Nobody overtakes those who wait for one that they may have.
  mutating func acquire(_ waiter: Waiter, of tenant: Tenant? = nil) -> Acquisition {
    if lanes[tenant] == nil, mayHold(tenant), let connection = idle.popLast() {
      hold(connection, tenant)
      return .lease(connection)
    }
    // A caller for whom a connection is being made is no burden on those who wait for a free one.
    let limit = waiterLimit + (maximum - idle.count - holders.count)
    guard maximum > 0, waiterCount < limit else { return .refuse }
    if lanes[tenant] == nil { turns.append(tenant) }
    lanes[tenant, default: []].append(waiter)
    waiterCount += 1
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
    guard drop(connection) else { return nil }
    return assign(connection)
  }

  /// A connection died or was discarded, in use or not. Returns what becomes of a free one that
  /// its tenant may have instead.
  mutating func lost(_ connection: Int) -> Assignment? {
    idle.removeAll { $0 == connection }
    guard drop(connection), let free = idle.popLast() else { return nil }
    return assign(free)
  }

  /// Drops the waiters that `isGone` says are not waiting any longer.
  mutating func removeWaiters(where isGone: (Waiter) -> Bool) {
    for tenant in turns {
      lanes[tenant]?.removeAll(where: isGone)
      if lanes[tenant]?.isEmpty == true { lanes[tenant] = nil }
    }
    turns.removeAll { lanes[$0] == nil }
    waiterCount = lanes.values.reduce(0) { $0 + $1.count }
  }

  /// A connection is worth making while callers wait that those being made will not serve.
  private var canGrow: Bool {
    guard total < maximum else { return false }
    let servable = lanes.reduce(0) { sum, lane in
      guard let tenant = lane.key else { return sum + lane.value.count }
      return sum + min(lane.value.count, max(0, tenantMaximum - held[tenant, default: 0]))
    }
    return servable > connecting
  }

  private func mayHold(_ tenant: Tenant?) -> Bool {
    tenant.map { held[$0, default: 0] < tenantMaximum } ?? true
  }

  private mutating func hold(_ connection: Int, _ tenant: Tenant?) {
    holders[connection] = .some(tenant)
    if let tenant { held[tenant, default: 0] += 1 }
  }

  /// Takes a connection from its holder. Returns false where nobody holds it.
  private mutating func drop(_ connection: Int) -> Bool {
    guard let holder = holders.removeValue(forKey: connection) else { return false }
    if let tenant = holder, let count = held[tenant] {
      held[tenant] = count == 1 ? nil : count - 1
    }
    return true
  }

  private mutating func assign(_ connection: Int) -> Assignment {
    for _ in 0..<turns.count {
      let tenant = turns.removeFirst()
      guard mayHold(tenant), let waiter = lanes[tenant]?.popFirst() else {
        turns.append(tenant)
        continue
      }
      if lanes[tenant]?.isEmpty == true { lanes[tenant] = nil } else { turns.append(tenant) }
      waiterCount -= 1
      hold(connection, tenant)
      return .lease(connection, to: waiter)
    }
    idle.append(connection)
    return .keepIdle(connection)
  }
}
