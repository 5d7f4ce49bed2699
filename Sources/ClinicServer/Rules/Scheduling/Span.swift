/// The time from one instant up to, not including, another, in seconds since 1970.
package struct Span: Sendable, Hashable {
  /// The first second.
  package var start: Int64
  /// The second after the last one.
  package var end: Int64

  /// Makes a span; one that ends before it starts is empty.
  package init(_ start: Int64, _ end: Int64) {
    self.start = start
    self.end = end
  }

  /// Whether it holds no second.
  package var isEmpty: Bool { end <= start }

  /// Seconds from start to end; 0 for an empty one.
  package var length: Int64 { max(end - start, 0) }

  /// Whether the two have a second in common.
  package func overlaps(_ other: Span) -> Bool {
    max(start, other.start) < min(end, other.end)
  }

  /// Whether every second of the other is in this one.
  package func contains(_ other: Span) -> Bool { start <= other.start && other.end <= end }

  /// What both have in common.
  package func clipped(to other: Span) -> Span {
    Span(max(start, other.start), min(end, other.end))
  }
}

/// Sets of instants, as spans in order that do not touch.
package enum Spans {
  /// The instants that are in any of the spans, which may come in any order.
  package static func union(_ spans: [Span]) -> [Span] {
    var union: [Span] = []
    for span in spans.filter({ !$0.isEmpty }).sorted(by: { $0.start < $1.start }) {
      if let last = union.last, span.start <= last.end {
        union[union.count - 1].end = max(last.end, span.end)
      } else {
        union.append(span)
      }
    }
    return union
  }

  /// The instants of a set that are not in another.
  package static func subtract(_ removed: [Span], from set: [Span]) -> [Span] {
    var rest: [Span] = []
    var first = 0
    for var span in set {
      while first < removed.count && removed[first].end <= span.start { first += 1 }
      var index = first
      while index < removed.count && removed[index].start < span.end {
        if removed[index].start > span.start { rest.append(Span(span.start, removed[index].start)) }
        span.start = max(span.start, removed[index].end)
        index += 1
      }
      if !span.isEmpty { rest.append(span) }
    }
    return rest
  }

  /// The instants that are in both of two sets.
  package static func intersect(_ one: [Span], _ other: [Span]) -> [Span] {
    var both: [Span] = []
    var (left, right) = (0, 0)
    while left < one.count && right < other.count {
      let common = one[left].clipped(to: other[right])
      if !common.isEmpty { both.append(common) }
      if one[left].end < other[right].end { left += 1 } else { right += 1 }
    }
    return both
  }

  /// The instants of a set within a span.
  package static func clip(_ set: [Span], to bounds: Span) -> [Span] {
    set.map { $0.clipped(to: bounds) }.filter { !$0.isEmpty }
  }

  /// The instants that are in at least `count` (1 and up) of the spans, which may come in any order.
  package static func covered(by count: Int, of spans: [Span]) -> [Span] {
    if count == 1 { return union(spans) }
    guard spans.count >= count else { return [] }
    var edges: [(instant: Int64, step: Int)] = []
    for span in spans where !span.isEmpty {
      edges.append((span.start, 1))
      edges.append((span.end, -1))
    }
    edges.sort { ($0.instant, $0.step) < ($1.instant, $1.step) }
    var covered: [Span] = []
    var depth = 0
    for (instant, step) in edges {
      if step == 1, depth == count - 1 { covered.append(Span(instant, instant)) }
      if step == -1, depth == count { covered[covered.count - 1].end = instant }
      depth += step
    }
    return union(covered)
  }
}
