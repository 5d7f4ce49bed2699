/// A calendar date of which the day, or the month and the day, may be unknown (Gregorian).
///
/// As a span it covers every day that it may be: 1984 covers 366 days.
package struct PartialDate: Sendable, Hashable {
  /// The year, 1 to 9999.
  package let year: Int
  /// The month, 1 to 12; 0 where it is not known.
  package let month: Int
  /// The day of the month; 0 where it is not known.
  package let day: Int

  /// Makes a date; nil where there is no such date: a 29 February of another year, a day without
  /// a month.
  package init?(year: Int, month: Int = 0, day: Int = 0) {
    guard (1...9999).contains(year), (0...12).contains(month) else { return nil }
    guard day == 0 || month > 0 && (1...Self.days(in: month, of: year)).contains(day) else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Makes the whole date that is `daysSince1970` days after 1 January 1970; nil outside of the
  /// years 1 to 9999.
  package init?(daysSince1970: Int) {
    // Days of the civil calendar in eras of 400 years that begin on 1 March (H. Hinnant).
    let (shifted, overflow) = daysSince1970.addingReportingOverflow(719_468)
    guard !overflow else { return nil }
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    self.init(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// Year, month and day are known.
  package var isComplete: Bool { day > 0 }

  /// The first day that the date may be, in days since 1 January 1970.
  package var earliestDay: Int {
    Self.daysSince1970(year: year, month: max(month, 1), day: max(day, 1))
  }

  /// The last day that the date may be, in days since 1 January 1970.
  package var latestDay: Int {
    let month = month == 0 ? 12 : month
    let day = day == 0 ? Self.days(in: month, of: year) : day
    return Self.daysSince1970(year: year, month: month, day: day)
  }

  /// Every day that this date may be lies before every day that `other` may be.
  package func isCertainlyBefore(_ other: PartialDate) -> Bool { latestDay < other.earliestDay }

  /// Every day that this date may be lies after the day `daysSince1970`.
  package func isCertainlyAfter(day daysSince1970: Int) -> Bool { earliestDay > daysSince1970 }

  /// Some day may be both dates.
  package func overlaps(_ other: PartialDate) -> Bool {
    earliestDay <= other.latestDay && other.earliestDay <= latestDay
  }

  /// How many days a month has.
  package static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether a year has a 29 February.
  package static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
  }

  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension PartialDate: Comparable {
  /// By the first day that may be meant; of two that begin together, the less known one first.
  package static func < (left: PartialDate, right: PartialDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}
