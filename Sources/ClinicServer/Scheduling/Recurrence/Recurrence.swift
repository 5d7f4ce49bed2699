/// When a series happens, on the wall clock of its clinic: a start, a rule, and what is added to
/// and left out of it (RFC 5545 §3.8.5).
package struct Recurrence: Sendable, Hashable {
  /// Where the rule begins; the only occurrence where there is no rule.
  package var start: LocalMoment
  package var rule: RecurrenceRule?
  /// RDATE: occurrences besides those of the rule.
  package var additions: Set<LocalMoment>
  /// EXDATE: occurrences that do not take place. They count towards COUNT nevertheless.
  package var exceptions: Set<LocalMoment>

  /// Makes a recurrence.
  package init(
    start: LocalMoment, rule: RecurrenceRule? = nil, additions: Set<LocalMoment> = [],
    exceptions: Set<LocalMoment> = []
  ) {
    self.start = start
    self.rule = rule
    self.additions = additions
    self.exceptions = exceptions
  }

  /// The occurrences up to the end of a day: in order, each once, as they are asked for.
  package func occurrences(through horizon: LocalDay) -> Occurrences {
    Occurrences(self, horizon: horizon)
  }

  /// The occurrences of a recurrence, in order.
  package struct Occurrences: Sequence, IteratorProtocol, Sendable {
    private var ruled: RecurrenceRule.Occurrences?
    private var nextRuled: LocalMoment?
    private var added: ArraySlice<LocalMoment>
    private let exceptions: Set<LocalMoment>

    fileprivate init(_ recurrence: Recurrence, horizon: LocalDay) {
      ruled = recurrence.rule?.occurrences(from: recurrence.start, through: horizon)
      let single = recurrence.rule == nil ? recurrence.start : nil
      nextRuled = ruled?.next() ?? single.flatMap { $0.localDay <= horizon ? $0 : nil }
      added = recurrence.additions.filter { $0.localDay <= horizon }.sorted()[...]
      exceptions = recurrence.exceptions
    }

    package mutating func next() -> LocalMoment? {
      while let occurrence = nextOfEither() {
        if !exceptions.contains(occurrence) { return occurrence }
      }
      return nil
    }

    private mutating func nextOfEither() -> LocalMoment? {
      guard let first = [nextRuled, added.first].compactMap(\.self).min() else { return nil }
      if first == nextRuled { nextRuled = ruled?.next() }
      if first == added.first { added.removeFirst() }
      return first
    }
  }
}

extension Recurrence {
  /// How far a search for the next occurrence goes: long enough for a 29 February on a certain
  /// weekday, also past 2100, which has no such day.
  static let searchDays = 41 * 366

  /// Parts a recurrence at a moment: what lies before it, and what lies at or after it. Together
  /// they have the occurrences of the whole. Nil for a part that has none.
  package func split(at moment: LocalMoment) -> (before: Recurrence?, after: Recurrence?) {
    let ruled =
      rule.map { rule in
        Array(
          rule.occurrences(from: start, through: moment.localDay + Self.searchDays)
            .prefix(while: { $0 < moment }))
      } ?? (start < moment ? [start] : [])
    var (before, after) = (self, self)
    before.keep { $0 < moment }
    after.keep { $0 >= moment }
    before.rule = rule.flatMap { rule in ruled.last.map { rule.ending(with: $0) } }
    if rule == nil || ruled.isEmpty { before.startAt(ruled.first) }
    let next = nextRuled(from: moment)
    after.rule = next == nil ? nil : rule?.passing(ruled.count)
    after.startAt(next)
    return (before.isEmpty(ruled.first) ? nil : before, after.isEmpty(next) ? nil : after)
  }

  /// The first occurrence of the rule at or after a moment.
  private func nextRuled(from moment: LocalMoment) -> LocalMoment? {
    guard let rule else { return start >= moment ? start : nil }
    let from = max(moment, start)
    return rule.occurrences(from: start, through: from.localDay + Self.searchDays)
      .first { $0 >= moment }
  }

  private mutating func keep(where isKept: (LocalMoment) -> Bool) {
    additions = additions.filter(isKept)
    exceptions = exceptions.filter(isKept)
  }

  /// Begins with an occurrence of the rule, or where there is none, with the first added one.
  private mutating func startAt(_ first: LocalMoment?) {
    if let first {
      start = first
    } else if let added = additions.min() {
      start = added
    }
  }

  private func isEmpty(_ firstRuled: LocalMoment?) -> Bool {
    firstRuled == nil && additions.isEmpty
  }
}

extension RecurrenceRule {
  /// The rule with its last occurrence.
  fileprivate func ending(with last: LocalMoment) -> RecurrenceRule {
    var rule = self
    rule.end = .untilLocal(last)
    return rule
  }

  /// The rule after some of the occurrences that it counts.
  fileprivate func passing(_ passed: Int) -> RecurrenceRule {
    guard case .count(let count) = end else { return self }
    var rule = self
    rule.end = .count(count - passed)
    return rule
  }
}
