import DequeModule

/// The calls that wait for a shared connection: a lane for each prelude, which means for each
/// tenant, and the lanes take turns.
///
/// The turns keep one tenant's flood from holding up another's calls. The lanes also show which
/// calls can share one batch: read-only calls behind the same prelude enter the tenant once, end in
/// one Sync and cost the server one transaction.
///
/// Confined to the I/O thread.
struct SharedQueue {
  /// The calls of one tenant.
  final class Lane {
    let prelude: Prelude?
    var waiting: Deque<PostgresCall> = []
    /// Batches of the lane on their way to the server and back.
    var inFlight = 0
    /// The connection that its last batch went to.
    var connection: Int?
    /// Whether the lane is among those that take turns.
    var isInTurn = false

    init(_ prelude: Prelude?) { self.prelude = prelude }
  }

  /// Calls with equal ones are of the same tenant.
  struct Prelude: Hashable {
    private let statement: Int
    private let parameters: [UInt8]

    /// Nil for a statement that is not registered.
    init?(_ query: SQLQuery) {
      guard let statement = query.statement, statement.id >= 0 else { return nil }
      self.statement = statement.id
      self.parameters = query.parameters.bytes
    }

    // All at once: an array hashes itself byte by byte.
    func hash(into hasher: inout Hasher) {
      hasher.combine(statement)
      parameters.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  /// As many calls share a batch at most: results come when all of them are done.
  private static let batchLimit = 16

  private var lanes: [Prelude: Lane] = [:]
  /// Calls without a prelude: they are no tenant's.
  private let common = Lane(nil)
  private var turns: Deque<Lane> = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// Puts a call at its lane's end.
  mutating func append(_ call: PostgresCall) {
    let lane = lane(of: call)
    lane.waiting.append(call)
    enter(lane)
  }

  /// Puts a call at its lane's beginning: it was sent before.
  mutating func prepend(_ call: PostgresCall) {
    let lane = lane(of: call)
    lane.waiting.prepend(call)
    enter(lane)
  }

  private mutating func enter(_ lane: Lane) {
    count += 1
    guard !lane.isInTurn else { return }
    lane.isInTurn = true
    turns.append(lane)
  }

  private mutating func lane(of call: PostgresCall) -> Lane {
    guard let prelude = call.prelude else { return common }
    if let lane = lanes[prelude] { return lane }
    let lane = Lane(prelude)
    lanes[prelude] = lane
    return lane
  }

  /// Takes what is sent next: from the lane whose turn it is and that has fewer than `depth`
  /// batches under way. More would only wait in the server, where they cannot share a batch.
  mutating func next(depth: Int) -> PostgresCall? {
    for _ in 0..<turns.count {
      let lane = turns.removeFirst()
      guard lane.prelude == nil || lane.inFlight < depth else {
        turns.append(lane)
        continue
      }
      let batch = takeBatch(from: lane)
      if lane.waiting.isEmpty {
        lane.isInTurn = false
      } else {
        turns.append(lane)
      }
      guard let batch else {
        forget(lane)
        continue
      }
      lane.inFlight += 1
      batch.lane = lane
      return batch
    }
    return nil
  }

  private mutating func takeBatch(from lane: Lane) -> PostgresCall? {
    var calls: [PostgresCall] = []
    while calls.count < Self.batchLimit, let call = lane.waiting.first {
      guard call.isFinished || calls.isEmpty || (call.mayShare && calls[0].mayShare) else { break }
      lane.waiting.removeFirst()
      count -= 1
      if !call.isFinished { calls.append(call) }
    }
    return calls.count > 1 ? PostgresCall(sharedBy: calls) : calls.first
  }

  /// A batch came back, or died with its connection.
  mutating func left(_ batch: PostgresCall) {
    guard let lane = batch.lane else { return }
    lane.inFlight -= 1
    forget(lane)
  }

  /// Lanes live as long as they are used, so that tenants do not add up.
  private mutating func forget(_ lane: Lane) {
    guard let prelude = lane.prelude, lane.inFlight == 0, lane.waiting.isEmpty else { return }
    lanes[prelude] = nil
  }

  /// Drops the calls whose callers have their answer already.
  mutating func removeFinished() {
    for lane in turns {
      lane.waiting.removeAll(where: \.isFinished)
      if lane.waiting.isEmpty {
        lane.isInTurn = false
        forget(lane)
      }
    }
    turns.removeAll { !$0.isInTurn }
    count = turns.reduce(0) { $0 + $1.waiting.count }
  }

  /// Every waiting call.
  func forEach(_ body: (PostgresCall) -> Void) {
    for lane in turns { lane.waiting.forEach(body) }
  }
}
