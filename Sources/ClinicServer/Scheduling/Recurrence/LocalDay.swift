/// A day of the calendar, whatever the time zone (Gregorian, years 1 to 9999).
package struct LocalDay: Sendable, Hashable {
  /// The days since 1 January 1970.
  package let number: Int

  /// The first and the last day.
  static let bounds = -719_162...2_932_896

  /// The day that is `number` days after 1 January 1970, or the nearest one that there is.
  package init(number: Int) {
    self.number = min(max(number, Self.bounds.lowerBound), Self.bounds.upperBound)
  }

  /// Makes a day; nil where the calendar has no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard day > 0, let date = PartialDate(year: year, month: month, day: day) else { return nil }
    number = date.earliestDay
  }

  /// The year, the month (1 to 12) and the day of the month.
  package var parts: (year: Int, month: Int, day: Int) {
    // The number lies within the bounds, so there is such a date.
    PartialDate(daysSince1970: number).map { ($0.year, $0.month, $0.day) } ?? (1, 1, 1)
  }

  /// The day of the week.
  package var weekday: Weekday { Weekday(daysSince1970: number) }

  /// The day that lies `days` later.
  package static func + (day: LocalDay, days: Int) -> LocalDay {
    LocalDay(number: day.number + days)
  }

  /// The day that lies `days` earlier.
  package static func - (day: LocalDay, days: Int) -> LocalDay {
    LocalDay(number: day.number - days)
  }
}

extension LocalDay: Strideable {
  package func distance(to other: LocalDay) -> Int { other.number - number }
  package func advanced(by days: Int) -> LocalDay { self + days }
}

extension LocalDay: CustomStringConvertible {
  /// The day as ISO 8601 writes it: `2026-03-29`.
  package var description: String {
    let (year, month, day) = parts
    return
      "\(Digits.padded(year, to: 4))-\(Digits.padded(month, to: 2))-\(Digits.padded(day, to: 2))"
  }
}

/// A day of the week (ISO 8601: the week begins on Monday).
package enum Weekday: Int, Sendable, Hashable, CaseIterable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday

  init(daysSince1970 number: Int) {
    // 1 January 1970 was a Thursday.
    let index = (number + 3) % 7
    self = Self.allCases[index < 0 ? index + 7 : index]
  }

  /// The days from another weekday on to this one, 0 to 6.
  func days(since other: Weekday) -> Int { (rawValue - other.rawValue + 7) % 7 }
}
