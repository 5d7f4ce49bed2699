/// Opening hours as people write them: `mon-fri 09:00-17:30`.
enum OpeningHoursText {
  private static let days = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
  ]

  /// The JSON of one interval for each day; nil for anything else.
  static func json(_ text: String) -> [JSONValue]? {
    let parts = text.lowercased().split(separator: " ")
    guard parts.count == 2, let days = dayRange(parts[0]) else { return nil }
    let times = parts[1].split(separator: "-").map(time)
    guard times.count == 2, let opens = times[0], let closes = times[1] else { return nil }
    return days.map { day in
      [
        "dayOfWeek": .string("DAY_OF_WEEK_" + Self.days[day].uppercased()), "opens": opens,
        "closes": closes
      ]
    }
  }

  private static func dayRange(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { word in
      word.count >= 3 ? days.firstIndex { $0.hasPrefix(word) } : nil
    }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
      first <= last
    else { return nil }
    return first...last
  }

  private static func time(_ text: Substring) -> JSONValue? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let hours = parts[0], let minutes = parts[1],
      (0...24).contains(hours), (0...59).contains(minutes), hours < 24 || minutes == 0
    else { return nil }
    return ["hours": .number(String(hours)), "minutes": .number(String(minutes))]
  }
}
