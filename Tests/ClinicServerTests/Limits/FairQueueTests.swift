import Testing

@testable import ClinicServer

@Suite("Taking turns")
struct FairQueueTests {
  final class Call {
    let lane: Int
    let cost: Int
    init(lane: Int, cost: Int = 1) {
      self.lane = lane
      self.cost = cost
    }
  }

  /// A queue and its lanes, with what runs and waits in a second account of it.
  private struct Model {
    var queue: FairQueue<Call>
    let lanes: [FairQueue<Call>.Lane]
    var running: [Call] = []
    var waiting: [Call] = []
    var now: UInt64 = 1

    init(_ limits: TurnLimits, weights: [Int]) {
      queue = FairQueue(limits: limits)
      lanes = weights.map { FairQueue<Call>.Lane(weight: $0) }
    }

    /// A call comes. Returns false where it is refused.
    @discardableResult
    mutating func come(_ call: Call) -> Bool {
      if queue.start(lanes[call.lane], cost: call.cost, at: now) {
        running.append(call)
        return true
      }
      guard queue.wait(lanes[call.lane], cost: call.cost, as: call) else { return false }
      waiting.append(call)
      return true
    }

    /// A running call ends. Returns those that start.
    @discardableResult
    mutating func end(_ index: Int) -> [Call] {
      let call = running.remove(at: index)
      queue.end(lanes[call.lane])
      var started: [Call] = []
      while let next = queue.next(at: now) {
        waiting.removeAll { $0 === next }
        running.append(next)
        started.append(next)
      }
      return started
    }

    mutating func giveUp(_ index: Int) -> Bool {
      let call = waiting.remove(at: index)
      return queue.leave(lanes[call.lane], call)
    }

    func count(_ lane: Int) -> Int { running.count { $0.lane == lane } }
  }

  @Test("one clinic alone may use every place, and its further calls wait in order")
  func alone() {
    var model = Model(TurnLimits(alone: 4, shared: 2), weights: [1])
    for _ in 0..<6 { model.come(Call(lane: 0)) }
    #expect(model.running.count == 4 && model.waiting.count == 2)
    let first = model.waiting[0]
    let started = model.end(0)
    #expect(started.first === first)
  }

  @Test("a quiet clinic's calls start at once, whatever another has under way and waiting")
  func victim() {
    var model = Model(TurnLimits(alone: 64, shared: 8), weights: [1, 1])
    for _ in 0..<256 { model.come(Call(lane: 0)) }
    #expect(model.count(0) == 64)
    for _ in 0..<4 { model.come(Call(lane: 1)) }
    #expect(model.count(1) == 4)
    // The flood goes back to its share.
    while model.count(0) > 4 { model.end(model.running.firstIndex { $0.lane == 0 } ?? 0) }
    let next = model.end(model.running.firstIndex { $0.lane == 0 } ?? 0)
    #expect(next.map(\.lane) == [0])
    // From now on the quiet clinic never waits for its share.
    for _ in 0..<50 {
      model.end(model.running.firstIndex { $0.lane == 1 } ?? 0)
      model.come(Call(lane: 1))
      #expect(model.count(1) == 4)
    }
  }

  @Test("a caller without credentials holds a clinic back only while its own call runs")
  func passing() {
    var model = Model(TurnLimits(alone: 64, shared: 8), weights: [1])
    let passing = FairQueue<Call>.Lane(weight: 1, stays: false)
    let starts = model.queue.start(passing, cost: 200, at: model.now)
    #expect(starts)
    for _ in 0..<20 { model.come(Call(lane: 0)) }
    #expect(model.count(0) == 7)
    model.queue.end(passing)
    model.end(0)
    #expect(model.count(0) == 20 - 1)
  }

  @Test("slow calls of one clinic do not hold another's up: each has a share of the places")
  func slow() {
    var model = Model(TurnLimits(alone: 64, shared: 8), weights: [1, 1])
    model.come(Call(lane: 1))
    model.end(0)
    for _ in 0..<100 { model.come(Call(lane: 0)) }
    #expect(model.count(0) == 8)
    for _ in 0..<4 { model.come(Call(lane: 1)) }
    #expect(model.count(1) == 4)
  }

  @Test("calls that never end hold their own clinic up, and no other")
  func endless() {
    var model = Model(TurnLimits(alone: 64, shared: 8), weights: [1, 1, 1])
    for _ in 0..<200 { model.come(Call(lane: 0)) }
    for lane in [1, 2] {
      for _ in 0..<20 {
        model.come(Call(lane: lane))
        #expect(model.count(lane) == 1)
        model.end(model.running.firstIndex { $0.lane == lane } ?? 0)
        model.now += 2_000_000_000
      }
    }
    #expect(model.count(0) == 64)
  }

  @Test(
    "clinics that always have calls waiting get turns by weight and cost",
    arguments: [([1, 1], [1, 1]), ([1, 3], [1, 1]), ([2, 1], [1, 1]), ([1, 1, 2], [1, 1, 1])])
  func weights(weights: [Int], costs: [Int]) {
    // One place in all beside one that is taken for ever, so that the order of the turns is all that
    // counts.
    var model = Model(TurnLimits(alone: 1, shared: 1), weights: weights + [1])
    model.come(Call(lane: weights.count))
    for lane in weights.indices {
      for _ in 0..<400 { model.come(Call(lane: lane, cost: costs[lane])) }
    }
    var work = weights.map { _ in 0 }
    for _ in 0..<(100 * weights.reduce(0, +)) {
      for call in model.end(1) { work[call.lane] += call.cost }
    }
    for lane in weights.indices {
      #expect(abs(work[lane] - 100 * weights[lane]) <= 2, "\(work)")
    }
  }

  @Test("a dear call counts for as many turns as it costs")
  func dear() {
    var model = Model(TurnLimits(alone: 1, shared: 1), weights: [1, 1, 1])
    // The third clinic holds one of two places for ever; the other two take turns for the other.
    model.come(Call(lane: 2))
    for _ in 0..<300 {
      model.come(Call(lane: 0, cost: 10))
      model.come(Call(lane: 1, cost: 1))
    }
    var started = [0, 0]
    for _ in 0..<220 {
      let index = model.running.firstIndex { $0.lane != 2 } ?? 0
      for call in model.end(index) { started[call.lane] += 1 }
    }
    #expect(started[1] > 0 && started[0] > 0)
    #expect(abs(started[1] - 10 * started[0]) <= 220, "\(started)")
  }

  @Test("too many waiting calls of one clinic are refused, another's are not")
  func bounded() {
    var model = Model(TurnLimits(alone: 1, shared: 1, waiting: 3), weights: [1, 1])
    let accepted = (0..<6).map { _ in model.come(Call(lane: 0)) }
    #expect(accepted == [true, true, true, true, false, false])
    let other = model.come(Call(lane: 1))
    #expect(other)
  }

  @Test("a call that is given up leaves no trace")
  func givingUp() {
    var model = Model(TurnLimits(alone: 1, shared: 1), weights: [1, 1, 1])
    model.come(Call(lane: 2))
    for _ in 0..<3 { model.come(Call(lane: 0)) }
    model.come(Call(lane: 1))
    let waited = (0..<3).map { _ in model.giveUp(0) }
    #expect(waited == [true, true, true] && model.queue.waitingCount == 0)
    let started = model.end(0) + model.end(0)
    #expect(started.isEmpty && model.queue.executing == 0)
    model.come(Call(lane: 0))
    #expect(model.running.count == 1)
  }

  @Test(
    "whatever happens, counts agree, places are used, bounds hold and nobody starves",
    arguments: UInt64(0)..<300)
  func anything(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let limits = TurnLimits(
      alone: random.next(in: 1...20), shared: random.next(in: 1...20),
      waiting: random.next(in: 1...40))
    let weights = (0..<random.next(in: 1...12)).map { _ in
      random.next(in: 1...5)
    }
    var model = Model(limits, weights: weights)
    var since: [ObjectIdentifier: Int] = [:]
    for step in 0..<2_000 {
      model.now += UInt64(random.next(in: 0...5_000_000))
      switch random.next(below: 10) {
      case 0..<5:
        let call = Call(
          lane: random.next(below: weights.count),
          cost: random.next(in: 1...50))
        if model.come(call), model.waiting.last === call { since[ObjectIdentifier(call)] = step }
      case 5 where !model.waiting.isEmpty:
        let waited = model.giveUp(random.next(below: model.waiting.count))
        #expect(waited)
      case 6:
        model.queue.setWeight(
          random.next(in: 1...5),
          of: model.lanes[random.next(below: weights.count)])
      default:
        if !model.running.isEmpty {
          model.end(random.next(below: model.running.count))
          // A place is never free while somebody waits.
          if !model.waiting.isEmpty {
            #expect(model.running.count >= limits.shared, "seed \(seed), step \(step)")
          }
        }
      }
      #expect(model.queue.executing == model.running.count, "seed \(seed), step \(step)")
      #expect(model.queue.waitingCount == model.waiting.count, "seed \(seed), step \(step)")
      #expect(
        model.running.count <= limits.alone + limits.shared, "seed \(seed), step \(step)")
      if !model.waiting.isEmpty {
        #expect(!model.running.isEmpty, "seed \(seed), step \(step)")
      }
      for lane in model.lanes { #expect(lane.waitingCount <= limits.waiting) }
    }
    // With nothing new, everything comes to its turn.
    while !model.running.isEmpty { model.end(0) }
    #expect(model.waiting.isEmpty && model.queue.executing == 0, "seed \(seed)")
  }

  @Test(
    "a clinic's waiting call is passed by few others', however they come", arguments: UInt64(0)..<50
  )
  func noStarvation(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var model = Model(TurnLimits(alone: 8, shared: 4), weights: [1, 1, 1, 1, 1])
    // Four clinics refill as fast as their calls end; the fifth makes one call now and then.
    for lane in 0..<4 { for _ in 0..<20 { model.come(Call(lane: lane)) } }
    for _ in 0..<20 {
      let call = Call(lane: 4, cost: random.next(in: 1...5))
      model.come(call)
      var passed = 0
      while model.waiting.contains(where: { $0 === call }) {
        let index = random.next(below: model.running.count)
        let lane = model.running[index].lane
        passed += model.end(index).count
        if lane < 4 { model.come(Call(lane: lane)) }
      }
      #expect(passed <= 16, "seed \(seed)")
      if let index = model.running.firstIndex(where: { $0 === call }) { model.end(index) }
      model.now += 1_000_000
    }
  }
}
