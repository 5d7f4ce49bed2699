internal import Foundation

/// Days of the calendar in a time zone.
enum CivilDay {
  /// The day of a moment as yyyymmdd; in UTC where the zone is unknown.
  static func packed(_ moment: Foundation.Date, timeZone: String) -> Int32 {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    return Int32((parts.year ?? 0) * 10_000 + (parts.month ?? 0) * 100 + (parts.day ?? 0))
  }
}
