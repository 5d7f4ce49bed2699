internal import RPCCore

/// Decides which connection of a pool a call goes to, and when to open another.
struct PoolStateMachine<Connection> {
  enum Slot {
    /// No connection: after so many failures in a row, none is tried before a moment.
    case empty(failures: Int, notBefore: Deadline)
    case connecting(failures: Int)
    case open(Connection)
  }

  private(set) var slots: [Slot]
  private(set) var isClosed = false
  private var next = 0

  init(size: Int) {
    slots = Array(
      repeating: .empty(failures: 0, notBefore: Deadline(uptimeNanoseconds: 0)), count: size)
  }

  /// What to do for a call.
  enum OnAcquire {
    /// Use this connection.
    case use(Connection)
    /// Use this connection, and open another one beside it.
    case useAndConnect(Connection, slot: Int)
    /// Open a connection, and wait for it.
    case connect(slot: Int)
    /// Wait for the connection that is being opened.
    case wait
    /// Ask again at that moment.
    case sleep(until: Deadline)
    /// The pool is closed.
    case closed
  }

  /// A call needs a connection. `isUsable` says whether an open one takes calls, `isBusy` whether
  /// it has so many that another one should share them, `isNear` whether it is cheap to reach.
  mutating func acquire(
    now: Deadline, isUsable: (Connection) -> Bool, isBusy: (Connection) -> Bool,
    isNear: (Connection) -> Bool
  ) -> OnAcquire {
    if isClosed { return .closed }
    var chosen: Connection?
    let start = next
    for offset in slots.indices {
      let index = (start + offset) % slots.count
      guard case .open(let connection) = slots[index] else { continue }
      guard isUsable(connection) else {
        slots[index] = .empty(failures: 0, notBefore: now)
        continue
      }
      if chosen == nil {
        chosen = connection
        next = index + 1
      }
      if isNear(connection) {
        chosen = connection
        break
      }
    }
    guard let chosen else { return acquireFresh(now: now) }
    guard isBusy(chosen), let slot = connectable(now: now), !isConnecting else {
      return .use(chosen)
    }
    begin(slot)
    return .useAndConnect(chosen, slot: slot)
  }

  /// How many attempts for a slot have failed in a row.
  func failures(of slot: Int) -> Int {
    switch slots[slot] {
    case .empty(let failures, _), .connecting(let failures): failures
    case .open: 0
    }
  }

  /// A connection was opened. Returns false where the pool was closed meanwhile.
  mutating func succeed(_ slot: Int, _ connection: Connection) -> Bool {
    guard !isClosed else { return false }
    slots[slot] = .open(connection)
    return true
  }

  /// A connection could not be opened. `delay` gives the wait after so many failures.
  mutating func fail(_ slot: Int, now: Deadline, delay: (Int) -> Duration) {
    let failures = failures(of: slot) + 1
    slots[slot] = .empty(failures: failures, notBefore: now.advanced(by: delay(failures)))
  }

  /// Opens no more connections. Returns those that are open.
  mutating func close() -> [Connection] {
    isClosed = true
    return slots.compactMap { if case .open(let connection) = $0 { connection } else { nil } }
  }

  /// Whether a connection is being opened.
  var isConnecting: Bool {
    slots.contains { if case .connecting = $0 { true } else { false } }
  }

  private mutating func acquireFresh(now: Deadline) -> OnAcquire {
    if isConnecting { return .wait }
    if let slot = connectable(now: now) {
      begin(slot)
      return .connect(slot: slot)
    }
    guard case .empty(_, let notBefore) = slots[0] else { return .wait }
    return .sleep(until: notBefore)
  }

  /// The slot to open a connection for. While attempts fail, only the first slot is tried, so that
  /// a server that is down is not asked once for each slot.
  private func connectable(now: Deadline) -> Int? {
    let anyOpen = slots.contains { if case .open = $0 { true } else { false } }
    let candidates = anyOpen ? slots.indices : slots.startIndex..<(slots.startIndex + 1)
    return candidates.first { index in
      if case .empty(_, let notBefore) = slots[index] { notBefore <= now } else { false }
    }
  }

  private mutating func begin(_ slot: Int) {
    slots[slot] = .connecting(failures: failures(of: slot))
  }
}
