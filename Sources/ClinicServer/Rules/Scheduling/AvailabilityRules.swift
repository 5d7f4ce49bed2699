/// An interval of a weekday on the clinic's wall clock, from one date to another.
package struct WeeklyInterval: Sendable, Hashable {
  /// The weekday and its minutes.
  package var interval: OpeningInterval
  /// The first and last date, in days since 1970; nil for none.
  package var validFrom: Int?
  package var validUntil: Int?

  /// Makes an interval; nothing is checked.
  package init(_ interval: OpeningInterval, validFrom: Int? = nil, validUntil: Int? = nil) {
    self.interval = interval
    self.validFrom = validFrom
    self.validUntil = validUntil
  }

  /// Whether it applies to a date.
  package func applies(on day: Int) -> Bool {
    LocalMoment.dayOfWeek(of: day) == interval.day
      && validFrom ?? day <= day && validUntil ?? day >= day
  }
}

/// A span on the clinic's wall clock in which availability differs from the weekly hours.
package struct AvailabilityDeviation: Sendable, Hashable {
  /// What differs: hours are added, or taken away.
  package enum Kind: Sendable, Hashable {
    case extra, away
  }

  /// What differs.
  package var kind: Kind
  /// The first moment, and the one after the last.
  package var starts: LocalMoment
  package var ends: LocalMoment

  /// Makes a deviation.
  package init(_ kind: Kind, from starts: LocalMoment, to ends: LocalMoment) {
    self.kind = kind
    self.starts = starts
    self.ends = ends
  }
}

/// When somebody or something is available.
package enum AvailabilityRules {
  /// The spans of the calendar's days in which weekly hours and extra hours are, and leave and
  /// closures are not. Nil for the weekly hours stands for all the time.
  package static func spans(
    weekly: [WeeklyInterval]?, deviations: [AvailabilityDeviation], in calendar: LocalCalendar
  ) -> [Span] {
    var open: [Span] = []
    if let weekly {
      for day in calendar.days {
        for rule in weekly where rule.applies(on: day) {
          open.append(
            Span(
              calendar.instant(day: day, minute: rule.interval.opens),
              calendar.instant(day: day, minute: rule.interval.closes)))
        }
      }
    } else {
      open = [calendar.bounds]
    }
    func spans(_ kind: AvailabilityDeviation.Kind) -> [Span] {
      deviations.filter { $0.kind == kind }.map {
        Span(calendar.instant(of: $0.starts), calendar.instant(of: $0.ends))
      }
    }
    return Spans.clip(
      Spans.subtract(Spans.union(spans(.away)), from: Spans.union(open + spans(.extra))),
      to: calendar.bounds)
  }

  /// What is wrong with weekly hours, each with the index of the interval that is to change.
  package static func violations(
    in weekly: [WeeklyInterval]
  ) -> [(index: Int, violation: Violation)] {
    var violations = OpeningHoursRules.violations(in: weekly.map(\.interval))
      .filter { $0.violation != .overlaps }
      .map { ($0.index, Violation.interval($0.violation)) }
    for (index, rule) in weekly.enumerated() {
      if let from = rule.validFrom, let until = rule.validUntil, until < from {
        violations.append((index, .endsBeforeItBegins))
      } else if weekly[..<index].contains(where: { overlap($0, rule) }) {
        violations.append((index, .interval(.overlaps)))
      }
    }
    return violations
  }

  /// What weekly hours must keep to.
  package enum Violation: Sendable, Hashable, CustomStringConvertible {
    case interval(OpeningHoursRules.Violation)
    case endsBeforeItBegins

    /// The reason for machines.
    package var reason: String {
      switch self {
      case .interval(let violation): violation.rawValue
      case .endsBeforeItBegins: "ENDS_BEFORE_IT_BEGINS"
      }
    }

    /// What is allowed, in a sentence.
    package var description: String {
      switch self {
      case .interval(.overlaps):
        "must not overlap another interval of the same day that is valid at the same time"
      case .interval(.closesBeforeItOpens): "must end later than it starts"
      case .interval(let violation): "\(violation)"
      case .endsBeforeItBegins: "must be valid until a date that is not before its first one"
      }
    }
  }

  private static func overlap(_ left: WeeklyInterval, _ right: WeeklyInterval) -> Bool {
    left.interval.day == right.interval.day && left.interval.opens < right.interval.closes
      && right.interval.opens < left.interval.closes
      && left.validFrom ?? .min <= right.validUntil ?? .max
      && right.validFrom ?? .min <= left.validUntil ?? .max
  }
}
