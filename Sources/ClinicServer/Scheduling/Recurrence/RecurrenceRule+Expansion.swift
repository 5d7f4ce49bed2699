extension RecurrenceRule {
  /// The occurrences that the rule gives from a start on, one after the other as they are asked
  /// for, up to the end of a day. A rule that never matches is looked at up to there and no
  /// further.
  ///
  /// The start is the first occurrence where it matches the rule itself, as it does in every
  /// calendar that keeps to RFC 5545; elsewhere the first match after it is. Days that do not exist,
  /// such as 31 April, are passed over, as RFC 5545 says; `BYMONTHDAY=-1` stands for the last day.
  package func occurrences(
    from start: LocalMoment, through horizon: LocalDay
  ) -> Occurrences {
    Occurrences(rule: self, start: start, horizon: horizon)
  }

  /// The occurrences of a rule, in order.
  package struct Occurrences: Sequence, IteratorProtocol, Sendable {
    private let rule: RecurrenceRule
    private let start: LocalMoment
    private let horizon: LocalDay
    private var unit = 0
    private var given = 0
    private var waiting: ArraySlice<LocalDay> = []

    fileprivate init(rule: RecurrenceRule, start: LocalMoment, horizon: LocalDay) {
      self.rule = rule
      self.start = start
      self.horizon = horizon
    }

    package mutating func next() -> LocalMoment? {
      while waiting.isEmpty {
        guard let days = rule.days(ofUnit: unit, from: start.localDay), days.lowerBound <= horizon
        else {
          return nil
        }
        unit += 1
        waiting = rule.chosen(from: days, start: start.localDay).drop { $0 < start.localDay }
      }
      let occurrence = LocalMoment(waiting.removeFirst(), second: start.second)
      guard occurrence.localDay <= horizon, rule.end.admits(occurrence, after: given) else {
        return nil
      }
      given += 1
      return occurrence
    }
  }

  /// The days of the `index`th day, week, month or year that the rule looks at; nil past the end
  /// of the calendar.
  private func days(ofUnit index: Int, from start: LocalDay) -> ClosedRange<LocalDay>? {
    let (year, month, _) = start.parts
    let step = index * interval
    switch frequency {
    case .daily:
      let number = start.number + step
      guard number <= LocalDay.bounds.upperBound else { return nil }
      return LocalDay(number: number)...LocalDay(number: number)
    case .weekly:
      let number = start.number - start.weekday.days(since: weekStart) + 7 * step
      guard number + 6 <= LocalDay.bounds.upperBound else { return nil }
      return LocalDay(number: number)...LocalDay(number: number + 6)
    case .monthly:
      let months = year * 12 + month - 1 + step
      return Self.days(of: months % 12 + 1, in: months / 12)
    case .yearly:
      guard let first = LocalDay(year: year + step, month: 1, day: 1),
        let last = LocalDay(year: year + step, month: 12, day: 31)
      else { return nil }
      return first...last
    }
  }

  private static func days(of month: Int, in year: Int) -> ClosedRange<LocalDay>? {
    guard let first = LocalDay(year: year, month: month, day: 1) else { return nil }
    return first...(first + (PartialDate.days(in: month, of: year) - 1))
  }

  /// A unit's days that match, then those at the chosen positions.
  private func chosen(
    from days: ClosedRange<LocalDay>, start: LocalDay
  ) -> ArraySlice<LocalDay> {
    let matching = days.filter { matches($0, start: start) }
    guard !setPositions.isEmpty else { return matching[...] }
    let indices = setPositions.map { $0 > 0 ? $0 - 1 : matching.count + $0 }
    return Set(indices).sorted().filter(matching.indices.contains).map { matching[$0] }[...]
  }

  /// Whether a day matches every BY part, and the start where they leave something open.
  private func matches(_ day: LocalDay, start: LocalDay) -> Bool {
    let date = day.parts
    if !months.isEmpty && !months.contains(date.month) { return false }
    if !monthDays.isEmpty {
      let fromEnd = date.day - PartialDate.days(in: date.month, of: date.year) - 1
      guard monthDays.contains(date.day) || monthDays.contains(fromEnd) else { return false }
    }
    if !weekdays.isEmpty { return weekdays.contains { matches(day, $0) } }
    guard monthDays.isEmpty else { return true }
    switch frequency {
    case .daily: return true
    case .weekly: return day.weekday == start.weekday
    case .monthly: return date.day == start.parts.day
    case .yearly:
      return date.day == start.parts.day && (!months.isEmpty || date.month == start.parts.month)
    }
  }

  /// Whether a day is such a weekday, counted in its month, or in its year where a yearly rule
  /// names no months.
  private func matches(_ day: LocalDay, _ wanted: OrdinalWeekday) -> Bool {
    guard day.weekday == wanted.weekday else { return false }
    guard wanted.ordinal != 0 else { return true }
    let (year, month, dayOfMonth) = day.parts
    if frequency == .monthly || !months.isEmpty {
      let left = PartialDate.days(in: month, of: year) - dayOfMonth
      return wanted.ordinal == (dayOfMonth - 1) / 7 + 1 || wanted.ordinal == -(left / 7 + 1)
    }
    guard let first = LocalDay(year: year, month: 1, day: 1) else { return false }
    let passed = day.number - first.number
    let left = (PartialDate.isLeap(year) ? 366 : 365) - 1 - passed
    return wanted.ordinal == passed / 7 + 1 || wanted.ordinal == -(left / 7 + 1)
  }
}

extension RecurrenceRule.End {
  /// Whether an occurrence that follows `given` others still belongs to the rule.
  fileprivate func admits(_ occurrence: LocalMoment, after given: Int) -> Bool {
    switch self {
    case .never: true
    case .count(let count): given < count
    case .untilDay(let day): occurrence.localDay <= day
    case .untilLocal(let moment), .untilUTC(let moment): occurrence <= moment
    }
  }
}
