internal import Foundation

/// A clinic's time zone, for people who say and read local times.
package struct ClinicZone: Sendable {
  /// The zone's IANA name.
  package let name: String
  private let zone: TimeZone

  /// A zone; nil where it is unknown here.
  package init?(_ name: String) {
    guard let zone = TimeZone(identifier: name) else { return nil }
    self.name = name
    self.zone = zone
  }

  /// The instant of a local time, in seconds since 1970. The contract's rule: what the clock skips
  /// moves forward by as much, and of two times the first is meant.
  package func instant(day: Int, minute: Int) -> Int64 {
    let naive = Int64(day) * 86_400 + Int64(minute) * 60
    let old = naive - offset(naive - 86_400)
    let new = naive - offset(naive + 86_400)
    let (isOld, isNew) = (old + offset(old) == naive, new + offset(new) == naive)
    return isOld && isNew ? min(old, new) : isNew ? new : old
  }

  /// The day (since 1970) and minute that the clock shows.
  package func local(_ instant: Int64) -> (day: Int, minute: Int) {
    let naive = instant + offset(instant)
    let day = (naive >= 0 ? naive : naive - 86_399) / 86_400
    return (Int(day), Int(naive - day * 86_400) / 60)
  }

  private func offset(_ instant: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))))
  }
}

/// Days of the calendar as numbers: days since 1 January 1970.
package enum DayNumber {
  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  /// The number of a date; nil where there is no such date.
  package static func of(year: Int, month: Int, day: Int) -> Int? {
    let parts = DateFormat.Parts(year: year, month: month, day: day)
    guard parts.isValid, day > 0,
      let date = calendar.date(from: DateComponents(year: year, month: month, day: day))
    else { return nil }
    return Int((date.timeIntervalSince1970 / 86_400).rounded(.down))
  }

  /// The date of a number.
  package static func date(_ number: Int) -> (year: Int, month: Int, day: Int) {
    let parts = calendar.dateComponents(
      [.year, .month, .day], from: Date(timeIntervalSince1970: Double(number) * 86_400))
    return (parts.year ?? 1970, parts.month ?? 1, parts.day ?? 1)
  }

  /// The day of the week, 0 (Monday) to 6.
  package static func weekday(_ number: Int) -> Int { ((number + 3) % 7 + 7) % 7 }

  /// Names of the days of the week, from Monday.
  package static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
  ]

  /// Names of the months.
  package static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December"
  ]
}
