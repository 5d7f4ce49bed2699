internal import DequeModule

/// Who may go on, and who waits: a bounded number of calls at once, and the clinics take turns.
///
/// A pure value. It is told of every call that comes and goes, and answers which may start.
///
/// - While one clinic calls, as many calls as ``TurnLimits/alone`` run. Once another called within
///   the last second, as many as ``TurnLimits/shared``, or one of each clinic where they are more.
/// - Each clinic has a share of these, by its weight and at least one: below it, its calls start at
///   once even if others hold every place, and before anybody else's: ``TurnLimits/shared`` places
///   beyond the others are kept for that. So calls that take long, as long as they may, hold up
///   their own clinic's alone.
/// - The places that are left go by start-time fair queueing (Goyal, Vin, Cheng 1996): each call
///   moves its clinic's clock on by its cost over the clinic's weight, and the clinic whose clock is
///   furthest behind is next. A clinic that was quiet begins at everybody's time: it has no credit
///   from before, and no debt.
/// - A place is never free while somebody waits.
package struct FairQueue<Waiter: AnyObject> {
  /// A clinic's calls.
  ///
  /// `@unchecked Sendable`: only its queue touches it, which is a value under somebody's lock.
  package final class Lane: @unchecked Sendable {
    fileprivate(set) package var weight: Int
    /// Whether it counts as present for a while after a call, not only during it.
    fileprivate let stays: Bool
    /// Its calls that run.
    fileprivate(set) package var executing = 0
    fileprivate var waiting: Deque<(waiter: Waiter, cost: Int)> = []
    /// Its clock: where its last call ended.
    fileprivate var finish = 0.0

    package init(weight: Int, stays: Bool = true) {
      self.weight = max(1, weight)
      self.stays = stays
    }

    /// How many of its calls wait.
    package var waitingCount: Int { waiting.count }

    fileprivate var isActive: Bool { executing > 0 || !waiting.isEmpty }
  }

  /// How long a clinic counts as present after a call, in nanoseconds.
  package static var presence: UInt64 { 1_000_000_000 }

  package let limits: TurnLimits
  /// Calls that run.
  package private(set) var executing = 0
  /// Calls that wait.
  package private(set) var waitingCount = 0

  /// The lanes with waiting calls.
  private var backlog: [Lane] = []
  private var activeLanes = 0
  private var activeWeight = 0
  /// Everybody's time: where the call that was started last began.
  private var time = 0.0

  /// The clinic that called last, and when; and when one called that was not it.
  private var lastLane: ObjectIdentifier?
  private var lastCall: UInt64 = 0
  private var otherCall: UInt64?

  package init(limits: TurnLimits) { self.limits = limits }

  // MARK: Events

  /// A call comes. Returns whether it may start; otherwise ``wait(_:cost:as:)`` or give up.
  package mutating func start(_ lane: Lane, cost: Int, at now: UInt64) -> Bool {
    notice(lane, at: now)
    guard executing < most, lane.waiting.isEmpty else { return false }
    if executing < limit(at: now), waitingCount == 0 {
      begin(lane, cost: cost)
      return true
    }
    guard isContended(at: now) || (activeLanes > 0 && !lane.isActive),
      isBelowShare(lane, joining: true),
      !backlog.contains(where: { isBelowShare($0) })
    else { return false }
    begin(lane, cost: cost)
    return true
  }

  /// The call waits. Returns false where too many of its clinic wait already.
  package mutating func wait(_ lane: Lane, cost: Int, as waiter: Waiter) -> Bool {
    guard lane.waiting.count < limits.waiting else { return false }
    let wasActive = lane.isActive
    if lane.waiting.isEmpty { backlog.append(lane) }
    lane.waiting.append((waiter, cost))
    waitingCount += 1
    if !wasActive { activate(lane) }
    return true
  }

  /// A call that waits is given up. Returns false where it does not wait any longer.
  package mutating func leave(_ lane: Lane, _ waiter: Waiter) -> Bool {
    guard let index = lane.waiting.firstIndex(where: { $0.waiter === waiter }) else { return false }
    lane.waiting.remove(at: index)
    noteTaken(from: lane)
    if !lane.isActive { deactivate(lane) }
    return true
  }

  /// A call that ran has ended. ``next(at:)`` says who goes on.
  package mutating func end(_ lane: Lane) {
    lane.executing -= 1
    executing -= 1
    if !lane.isActive { deactivate(lane) }
  }

  /// Starts the call whose turn it is, if there is room for one.
  package mutating func next(at now: UInt64) -> Waiter? {
    guard waitingCount > 0, executing < most else { return nil }
    let isContended = isContended(at: now)
    let hasRoom = executing < limit(at: now)
    var best: Lane?
    var bestIsBelow = false
    for lane in backlog {
      let isBelow = isContended && isBelowShare(lane)
      guard isBelow || hasRoom else { continue }
      if let best, isBelow == bestIsBelow ? best.finish <= lane.finish : bestIsBelow { continue }
      (best, bestIsBelow) = (lane, isBelow)
    }
    guard let lane = best, let (waiter, cost) = lane.waiting.popFirst() else { return nil }
    noteTaken(from: lane)
    begin(lane, cost: cost)
    return waiter
  }

  /// A clinic's weight changes.
  package mutating func setWeight(_ weight: Int, of lane: Lane) {
    let weight = max(1, weight)
    if lane.isActive { activeWeight += weight - lane.weight }
    lane.weight = weight
  }

  // MARK: Rules

  /// The most calls that run in any case.
  private var most: Int { limits.alone + limits.shared }

  /// Whether another clinic called within the last second.
  private func isContended(at now: UInt64) -> Bool {
    activeLanes > 1 || otherCall.map { now < $0 &+ Self.presence } == true
  }

  private func limit(at now: UInt64) -> Int {
    isContended(at: now) ? min(limits.alone, max(limits.shared, activeLanes)) : limits.alone
  }

  private func isBelowShare(_ lane: Lane, joining: Bool = false) -> Bool {
    let others = joining && !lane.isActive ? activeWeight + lane.weight : activeWeight
    return lane.executing < max(1, limits.shared * lane.weight / max(1, others))
  }

  // MARK: Bookkeeping

  private mutating func notice(_ lane: Lane, at now: UInt64) {
    guard lane.stays else { return }
    let id = ObjectIdentifier(lane)
    if lastLane != id {
      if lastLane != nil {
        otherCall = activeLanes > (lane.isActive ? 1 : 0) ? now : lastCall
      }
      lastLane = id
    }
    lastCall = now
  }

  private mutating func begin(_ lane: Lane, cost: Int) {
    if !lane.isActive { activate(lane) }
    lane.executing += 1
    executing += 1
    let start = max(time, lane.finish)
    time = start
    lane.finish = start + Double(max(1, cost)) / Double(lane.weight)
  }

  private mutating func noteTaken(from lane: Lane) {
    waitingCount -= 1
    if lane.waiting.isEmpty { backlog.removeAll { $0 === lane } }
  }

  private mutating func activate(_ lane: Lane) {
    activeLanes += 1
    activeWeight += lane.weight
  }

  private mutating func deactivate(_ lane: Lane) {
    activeLanes -= 1
    activeWeight -= lane.weight
  }
}
