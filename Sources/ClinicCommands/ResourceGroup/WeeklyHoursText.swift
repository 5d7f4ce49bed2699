/// Weekly hours as people write them: `mon-fri 09:00-12:30`, and `from` and `until` dates after it.
package enum WeeklyHoursText {
  /// The JSON of one interval for each day; nil for anything else.
  package static func json(_ text: String) -> [JSONValue]? {
    var words = text.split(separator: " ").map(String.init)
    var dates: [(name: String, value: JSONValue)] = []
    while words.count > 3,
      let name = ["from": "validFrom", "until": "validUntil"][words[words.count - 2]],
      let date = DateFormat.iso(words[words.count - 1]), date.day > 0
    {
      dates.append((name, DateText.json(year: date.year, month: date.month, day: date.day)))
      words.removeLast(2)
    }
    guard let intervals = OpeningHoursText.json(words.joined(separator: " ")) else { return nil }
    return intervals.map { interval in
      var hours: JSONValue = [
        "dayOfWeek": interval["dayOfWeek"] ?? .null, "starts": interval["opens"] ?? .null,
        "ends": interval["closes"] ?? .null
      ]
      for (name, value) in dates { hours.set(name, to: value) }
      return hours
    }
  }

  /// The lines of a list of weekly hours; days that are alike and follow each other share one.
  package static func lines(_ hours: JSONValue?) -> [String] {
    var groups: [(days: [Int], rest: String)] = []
    for interval in hours?.elements ?? [] {
      let name = DisplayText.of(interval["dayOfWeek"] ?? .null)
      guard let day = DayNumber.weekdays.firstIndex(where: { $0.lowercased() == name }) else {
        continue
      }
      var rest = "\(clock(interval["starts"]))-\(clock(interval["ends"]))"
      if let date = interval["validFrom"] { rest += " from \(DisplayText.of(date))" }
      if let date = interval["validUntil"] { rest += " until \(DisplayText.of(date))" }
      if let index = groups.firstIndex(where: { $0.rest == rest && $0.days.last == day - 1 }) {
        groups[index].days.append(day)
      } else {
        groups.append(([day], rest))
      }
    }
    return groups.map { group in
      let names = [group.days.first, group.days.last].compactMap { $0 }
        .map { DayNumber.weekdays[$0].prefix(3).lowercased() }
      let days = group.days.count == 1 ? names[0] : names.joined(separator: "-")
      return days + " " + group.rest
    }
  }

  private static func clock(_ time: JSONValue?) -> String {
    func number(_ name: String) -> Int { Int(time?[name]?.scalarText ?? "") ?? 0 }
    return MomentText.clock(number("hours") * 60 + number("minutes"))
  }
}
