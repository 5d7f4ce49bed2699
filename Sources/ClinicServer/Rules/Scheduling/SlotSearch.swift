package import struct Foundation.UUID

/// Finds times at which everything that an appointment needs is available and free: interval
/// arithmetic over facts, without any I/O.
package struct SlotSearch: Sendable {
  /// Somebody or something that an appointment can take.
  package struct Candidate: Sendable {
    package var id: UUID
    package var kind: Int
    /// How many appointments it takes at a time, 1 and up.
    package var capacity: Int
    /// When it is available, in order.
    package var open: [Span]
    /// The time that its appointments take up, with buffers.
    package var claims: [Span]

    /// Makes a candidate.
    package init(id: UUID, kind: Int, capacity: Int = 1, open: [Span], claims: [Span] = []) {
      self.id = id
      self.kind = kind
      self.capacity = capacity
      self.open = open
      self.claims = claims
    }
  }

  /// One thing that the appointment needs.
  package struct Need: Sendable {
    package var kind: Int
    /// One of these; any of the kind where there are none.
    package var ids: Set<UUID>

    /// Makes a need.
    package init(kind: Int, ids: Set<UUID> = []) {
      self.kind = kind
      self.ids = ids
    }
  }

  /// A free time, with one candidate for each need.
  package struct Slot: Sendable, Hashable {
    package var span: Span
    package var ids: [UUID]
  }

  /// What may be passed over when candidates are chosen for a time.
  package struct Leniency: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Other appointments.
    package static let claims = Leniency(rawValue: 1)
    /// The hours in which candidates are available.
    package static let hours = Leniency(rawValue: 2)
  }

  /// What the appointment needs.
  package let needs: [Need]
  /// Seconds that the appointment takes, and that its resources are kept free around it.
  package let length: Int64
  package let bufferBefore: Int64
  package let bufferAfter: Int64
  /// Those who can meet a need, in the order in which they are preferred.
  package let candidates: [Candidate]
  /// The patient's other appointments.
  package let patientClaims: [Span]

  /// When each candidate has as many appointments as it takes.
  private let full: [[Span]]
  /// The starts at which each candidate can take the appointment.
  private let starts: [[Span]]
  /// The starts at which the patient has another appointment.
  private let patientBusy: [Span]
  /// The indices of the candidates for each need.
  private let eligible: [[Int]]

  /// Prepares a search.
  package init(
    needs: [Need], length: Int64, bufferBefore: Int64 = 0, bufferAfter: Int64 = 0,
    candidates: [Candidate], patientClaims: [Span] = []
  ) {
    self.needs = needs
    self.length = length
    self.bufferBefore = bufferBefore
    self.bufferAfter = bufferAfter
    self.candidates = candidates
    self.patientClaims = patientClaims
    eligible = needs.map { need in
      candidates.indices.filter {
        candidates[$0].kind == need.kind
          && (need.ids.isEmpty || need.ids.contains(candidates[$0].id))
      }
    }
    full = candidates.map { Spans.covered(by: $0.capacity, of: $0.claims) }
    starts = zip(candidates, full).map { candidate, full in
      // Being full in [s, e) rules out the starts from s - after - length + 1 to e + before - 1.
      Spans.subtract(
        Spans.union(
          full.map { Span($0.start - length - bufferAfter + 1, $0.end + bufferBefore) }),
        from: candidate.open.map { Span($0.start, $0.end - length + 1) }.filter { !$0.isEmpty })
    }
    patientBusy = Spans.union(patientClaims.map { Span($0.start - length + 1, $0.end) })
  }

  /// The free times that begin within a range and end within it, by start and then in the order of
  /// the candidates for the leading need: the first one for a practitioner, or else the first.
  ///
  /// - Parameters:
  ///   - grid: Starts are multiples of so many seconds after midnight.
  ///   - limit: The most slots.
  /// - Throws: `CancellationError` where the task is cancelled: whoever asked has given up.
  package func slots(
    in range: Span, grid: Int, calendar: LocalCalendar, leadingKind: Int, limit: Int
  ) throws -> [Slot] {
    guard !needs.isEmpty else { return [] }
    let leading = needs.firstIndex { $0.kind == leadingKind } ?? 0
    let leaders = eligible[leading]
    // Only where each need by itself could be met: of a room that is always full, no start is tried.
    let possible = eligible.reduce(
      Spans.subtract(patientBusy, from: [Span(range.start, range.end - length + 1)])
    ) { Spans.intersect($0, Spans.union($1.flatMap { starts[$0] })) }
    var slots: [Slot] = []
    for span in possible {
      try Task.checkCancellation()
      var start = calendar.aligned(span.start, to: grid)
      while start < span.end {
        for leader in leaders where isFree(leader, at: start) {
          guard
            let ids = assignment(
              at: start, choices: { $0 == leading ? [leader] : eligible[$0] }, including: [])
          else { continue }
          slots.append(Slot(span: Span(start, start + length), ids: ids))
          if slots.count == limit { return slots }
        }
        start = calendar.aligned(start + 1, to: grid)
      }
    }
    return slots
  }

  /// One candidate for each need at a time, all of `included` among them; nil where there is none.
  package func assignment(
    at start: Int64, including included: Set<UUID>, passingOver leniency: Leniency = []
  ) -> [UUID]? {
    assignment(
      at: start, choices: { eligible[$0] }, including: included, passingOver: leniency)
  }

  /// Those of some candidates, in order, that meet needs of the appointment beside each other,
  /// whenever that is.
  package func meeting(_ ids: [UUID]) -> [UUID] {
    var matching = Matching(options: eligible)
    return ids.filter { id in
      candidates.firstIndex { $0.id == id }.map { matching.place($0) } ?? false
    }
  }

  /// Whether the patient has another appointment at a time.
  package func isPatientBusy(at start: Int64) -> Bool {
    patientBusy.contains { $0.start <= start && start < $0.end }
  }

  /// Those whose other appointments stand against one at a time: of `included` the ones that are not
  /// free, and everybody available who could meet a need for which nobody is left.
  package func missing(at start: Int64, including included: Set<UUID>) -> Set<UUID> {
    let given = candidates.indices.filter { included.contains(candidates[$0].id) }
    var matching = Matching(
      options: eligible.map { $0.filter { isFree($0, at: start) || given.contains($0) } })
    for candidate in given { _ = matching.place(candidate) }
    var missing = Set(given)
    for need in needs.indices where matching.taken[need] == nil {
      // Who was tried could not be had by giving their needs to others (P. Hall 1935): more of any
      // of these would help.
      for need in matching.meet(need) { missing.formUnion(eligible[need]) }
    }
    return Set(
      missing.filter {
        !isFree($0, at: start)
          && (given.contains($0) || isFree($0, at: start, passingOver: .claims))
      }.map { candidates[$0].id })
  }

  /// The claims that stand against an appointment at a time, of these candidates.
  package func conflicts(at start: Int64, of ids: Set<UUID>) -> [(id: UUID, span: Span)] {
    let wanted = Span(start - bufferBefore, start + length + bufferAfter)
    return candidates.filter { ids.contains($0.id) }.flatMap { candidate in
      candidate.claims.filter { $0.overlaps(wanted) }.map { (candidate.id, $0) }
    }
  }

  private func isFree(
    _ candidate: Int, at start: Int64, passingOver leniency: Leniency = []
  ) -> Bool {
    if leniency.isEmpty { return Self.contains(start, in: starts[candidate]) }
    let wanted = Span(start, start + length)
    guard
      leniency.contains(.hours)
        || candidates[candidate].open.contains(where: { $0.contains(wanted) })
    else { return false }
    guard !leniency.contains(.claims) else { return true }
    let claimed = Span(wanted.start - bufferBefore, wanted.end + bufferAfter)
    return !full[candidate].contains { $0.overlaps(claimed) }
  }

  private func assignment(
    at start: Int64, choices: (Int) -> [Int], including included: Set<UUID>,
    passingOver leniency: Leniency = []
  ) -> [UUID]? {
    var matching = Matching(
      options: needs.indices.map { need in
        choices(need).filter { isFree($0, at: start, passingOver: leniency) }
      })
    for id in included {
      guard let candidate = candidates.firstIndex(where: { $0.id == id }),
        matching.place(candidate)
      else { return nil }
    }
    for need in needs.indices where matching.taken[need] == nil {
      guard matching.meet(need).isEmpty else { return nil }
    }
    return matching.taken.compactMap { $0.map { candidates[$0].id } }
  }

  private static func contains(_ instant: Int64, in set: [Span]) -> Bool {
    var (low, high) = (0, set.count)
    while low < high {
      let middle = (low + high) / 2
      if set[middle].end <= instant { low = middle + 1 } else { high = middle }
    }
    return low < set.count && set[low].start <= instant
  }
}

/// Bipartite matching of needs and candidates by augmenting paths (H. Kuhn 1955): what is matched
/// once stays matched, so those who must be included come first.
private struct Matching {
  /// The candidates for each need, by preference.
  let options: [[Int]]
  /// The candidate of each need.
  private(set) var taken: [Int?]
  private var taker: [Int: Int] = [:]

  init(options: [[Int]]) {
    self.options = options
    taken = Array(repeating: nil, count: options.count)
  }

  /// Finds a candidate for a need. Returns nothing where there is one, else the needs that have too
  /// few candidates between them: this one and those whose candidates it could have had.
  mutating func meet(_ need: Int) -> Set<Int> {
    var tried = Set<Int>()
    if meet(need, &tried) { return [] }
    return Set(tried.compactMap { taker[$0] }).union([need])
  }

  private mutating func meet(_ need: Int, _ tried: inout Set<Int>) -> Bool {
    for candidate in options[need] where tried.insert(candidate).inserted {
      if let other = taker[candidate], !meet(other, &tried) { continue }
      (taker[candidate], taken[need]) = (need, candidate)
      return true
    }
    return false
  }

  /// Finds a need for a candidate; false where there is none.
  mutating func place(_ candidate: Int) -> Bool {
    var tried = Set<Int>()
    return place(candidate, &tried)
  }

  private mutating func place(_ candidate: Int, _ tried: inout Set<Int>) -> Bool {
    for need in options.indices where options[need].contains(candidate) {
      guard tried.insert(need).inserted else { continue }
      if let other = taken[need], !place(other, &tried) { continue }
      (taker[candidate], taken[need]) = (need, candidate)
      return true
    }
    return false
  }
}
