/// An interval of a weekday in which a clinic is open, in minutes of the day on its wall clock.
package struct OpeningInterval: Sendable, Hashable {
  /// The day, 1 (Monday) to 7 (Sunday).
  package var day: Int
  /// The first minute, 0 to 1,439.
  package var opens: Int
  /// The minute after the last one, 1 to 1,440; 1,440 is midnight at the end of the day.
  package var closes: Int

  /// Makes an interval; nothing is checked.
  package init(day: Int, opens: Int, closes: Int) {
    self.day = day
    self.opens = opens
    self.closes = closes
  }

  /// The minute of the day of a wall clock's hour (0 to 24) and minute (0 to 59), 24:00 being the
  /// end of the day; nil where no clock shows it.
  package static func minute(hours: Int, minutes: Int) -> Int? {
    guard (0...24).contains(hours), (0...59).contains(minutes), hours < 24 || minutes == 0 else {
      return nil
    }
    return hours * 60 + minutes
  }
}

/// What opening hours must keep to.
package enum OpeningHoursRules {
  /// What is wrong with an interval.
  package enum Violation: String, Sendable, Hashable, CustomStringConvertible {
    case unknownDay = "UNKNOWN_DAY"
    case timeOutOfRange = "TIME_OUT_OF_RANGE"
    case closesBeforeItOpens = "CLOSES_BEFORE_IT_OPENS"
    case overlaps = "OVERLAPS"

    /// What is allowed, in a sentence.
    package var description: String {
      switch self {
      case .unknownDay: "must be a day of the week"
      case .timeOutOfRange: "must be a time of day, from 00:00 to 24:00"
      case .closesBeforeItOpens: "must close later than it opens"
      case .overlaps: "must not overlap another interval of the same day"
      }
    }
  }

  /// The violations, each with the index of the interval that is to change. Intervals that only
  /// touch do not overlap.
  package static func violations(
    in intervals: [OpeningInterval]
  ) -> [(index: Int, violation: Violation)] {
    var violations: [(index: Int, violation: Violation)] = []
    var sound: [(index: Int, interval: OpeningInterval)] = []
    for (index, interval) in intervals.enumerated() {
      if let violation = violation(of: interval) {
        violations.append((index, violation))
      } else if sound.contains(where: { overlap($0.interval, interval) }) {
        violations.append((index, .overlaps))
      } else {
        sound.append((index, interval))
      }
    }
    return violations
  }

  private static func violation(of interval: OpeningInterval) -> Violation? {
    guard (1...7).contains(interval.day) else { return .unknownDay }
    guard (0...1440).contains(interval.opens), (0...1440).contains(interval.closes) else {
      return .timeOutOfRange
    }
    return interval.closes > interval.opens ? nil : .closesBeforeItOpens
  }

  private static func overlap(_ left: OpeningInterval, _ right: OpeningInterval) -> Bool {
    left.day == right.day && left.opens < right.closes && right.opens < left.closes
  }
}
