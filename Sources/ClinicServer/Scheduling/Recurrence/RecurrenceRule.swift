/// When something happens again and again: the recurrence rule of RFC 5545 §3.3.10, as far as days
/// go. Rules by the hour or less, and by the week or day of the year, are refused.
package struct RecurrenceRule: Sendable, Hashable {
  /// The unit that the rule counts in.
  package enum Frequency: String, Sendable, Hashable, CaseIterable {
    case daily = "DAILY"
    case weekly = "WEEKLY"
    case monthly = "MONTHLY"
    case yearly = "YEARLY"
  }

  /// A weekday, or one certain occurrence of it in the month or year.
  package struct OrdinalWeekday: Sendable, Hashable {
    /// Which one, from the start (1 …) or from the end (-1 …); 0 for all of them.
    package var ordinal: Int
    package var weekday: Weekday

    /// Every such weekday, or the `ordinal`th one.
    package init(_ weekday: Weekday, ordinal: Int = 0) {
      self.ordinal = ordinal
      self.weekday = weekday
    }
  }

  /// Where the rule ends.
  package enum End: Sendable, Hashable {
    /// It does not.
    case never
    /// After so many occurrences.
    case count(Int)
    /// With the last occurrence on or before a day.
    case untilDay(LocalDay)
    /// With the last occurrence at or before a time on the clinic's clock.
    case untilLocal(LocalMoment)
    /// With the last occurrence at or before a time in UTC. Compared as it stands: bring it to the
    /// clinic's clock first.
    case untilUTC(LocalMoment)
  }

  package var frequency: Frequency
  /// Every how many units, 1 to ``maximumInterval``.
  package var interval: Int
  package var end: End
  /// The months, 1 to 12; empty for any.
  package var months: [Int]
  /// The days of the month, from the start (1 …) or from the end (-1 is the last); empty for any.
  package var monthDays: [Int]
  /// The weekdays; empty for any.
  package var weekdays: [OrdinalWeekday]
  /// Which of a unit's days, from the start (1 …) or from the end (-1 …); empty for all of them.
  package var setPositions: [Int]
  /// The day on which a week begins.
  package var weekStart: Weekday

  /// The greatest interval.
  package static let maximumInterval = 1_000
  /// The greatest number of occurrences that a rule counts.
  package static let maximumCount = 10_000

  /// Makes a rule, and refuses one that contradicts itself.
  package init(
    _ frequency: Frequency, interval: Int = 1, end: End = .never, months: [Int] = [],
    monthDays: [Int] = [], weekdays: [OrdinalWeekday] = [], setPositions: [Int] = [],
    weekStart: Weekday = .monday
  ) throws(RecurrenceError) {
    self.frequency = frequency
    self.interval = interval
    self.end = end
    self.months = months
    self.monthDays = monthDays
    self.weekdays = weekdays
    self.setPositions = setPositions
    self.weekStart = weekStart
    try check()
  }

  private func check() throws(RecurrenceError) {
    try Self.require(interval, in: 1...Self.maximumInterval, "INTERVAL")
    if case .count(let count) = end { try Self.require(count, in: 1...Self.maximumCount, "COUNT") }
    for month in months { try Self.require(month, in: 1...12, "BYMONTH") }
    for day in monthDays { try Self.require(nonzero: day, upTo: 31, "BYMONTHDAY") }
    for position in setPositions { try Self.require(nonzero: position, upTo: 366, "BYSETPOS") }
    try checkOrdinals()
    if frequency == .weekly && !monthDays.isEmpty {
      throw RecurrenceError("BYMONTHDAY", .contradictory, "cannot stand in a WEEKLY rule")
    }
    if !setPositions.isEmpty && months.isEmpty && monthDays.isEmpty && weekdays.isEmpty {
      throw RecurrenceError(
        "BYSETPOS", .contradictory, "chooses among days that another BY part must give")
    }
    if !months.isEmpty && !monthDays.isEmpty && !Self.someDayExists(monthDays, in: months) {
      throw RecurrenceError("BYMONTHDAY", .contradictory, "is in none of the months of BYMONTH")
    }
  }

  private func checkOrdinals() throws(RecurrenceError) {
    let isByMonth = frequency == .monthly || !months.isEmpty
    for weekday in weekdays where weekday.ordinal != 0 {
      guard frequency == .monthly || frequency == .yearly else {
        throw RecurrenceError(
          "BYDAY", .contradictory, "can count weekdays only in a MONTHLY or YEARLY rule")
      }
      try Self.require(nonzero: weekday.ordinal, upTo: isByMonth ? 5 : 53, "BYDAY")
    }
  }

  private static func require(
    _ value: Int, in range: ClosedRange<Int>, _ part: String
  ) throws(RecurrenceError) {
    guard range.contains(value) else {
      throw RecurrenceError(
        part, .outOfRange, "must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func require(
    nonzero value: Int, upTo limit: Int, _ part: String
  ) throws(RecurrenceError) {
    guard value != 0, abs(value) <= limit else {
      throw RecurrenceError(part, .outOfRange, "must be from 1 to \(limit) or -\(limit) to -1")
    }
  }

  private static func someDayExists(_ days: [Int], in months: [Int]) -> Bool {
    months.contains { month in
      // 2000 was a leap year.
      days.contains { abs($0) <= PartialDate.days(in: month, of: 2000) }
    }
  }
}

extension RecurrenceRule {
  /// The rule with an end in UTC brought to the wall clock.
  ///
  /// - Parameter local: What the clock shows at an instant, in seconds since 1970.
  package func onClock(_ local: (Int64) -> LocalMoment) -> RecurrenceRule {
    guard case .untilUTC(let moment) = end else { return self }
    var rule = self
    rule.end = .untilLocal(local(moment.naive))
    return rule
  }
}
