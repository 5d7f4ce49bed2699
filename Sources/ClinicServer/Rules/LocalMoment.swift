/// A date and a time of day on a wall clock, of no zone in particular.
package struct LocalMoment: Sendable, Hashable {
  /// The date, in days since 1 January 1970.
  package var day: Int

  /// Seconds since midnight, 0 to 86,399. As long as the clock was not put forward or back that
  /// day, this is the time that has passed.
  package var second: Int

  /// Makes a moment; seconds past the end of the day, such as 24:00, or before its beginning belong
  /// to another day.
  package init(day: Int, second: Int = 0) {
    let carry = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
    self.day = day + carry
    self.second = second - carry * 86_400
  }

  /// Makes a moment from minutes since midnight; 1440 is the midnight that ends the day.
  package init(day: Int, minute: Int) {
    self.init(day: day, second: minute * 60)
  }

  /// The seconds since 1970 of a clock that never changes.
  var naive: Int64 { Int64(day) * 86_400 + Int64(second) }

  init(naive: Int64) {
    let day = (naive >= 0 ? naive : naive - 86_399) / 86_400
    self.init(day: Int(day), second: Int(naive - day * 86_400))
  }

  /// Minutes since midnight, rounded down.
  package var minute: Int { second / 60 }

  /// The day of the week, 1 (Monday) to 7 (ISO 8601).
  package var dayOfWeek: Int { Self.dayOfWeek(of: day) }

  /// The day of the week of a date, 1 (Monday) to 7: 1 January 1970 was a Thursday.
  package static func dayOfWeek(of day: Int) -> Int { ((day + 3) % 7 + 7) % 7 + 1 }
}

extension LocalMoment: Comparable {
  package static func < (left: LocalMoment, right: LocalMoment) -> Bool {
    (left.day, left.second) < (right.day, right.second)
  }
}
