internal import ClinicContracts

/// Times of the week as people type and read them: `mon-fri 09:00-12:00`, `sat`, `14:00-17:00`.
enum WaitlistWindowText {
  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// The windows of a text; nil where it is none.
  static func windows(_ text: String) -> [WaitlistWindow]? {
    var words = text.lowercased().split(separator: " ")
    var range = 0...0
    if let first = words.first, let named = weekdays(first) {
      range = named
      words.removeFirst()
    } else if words.isEmpty {
      return nil
    }
    var (starts, ends): (LocalTime?, LocalTime?)
    if let times = words.first {
      let parts = times.split(separator: "-", omittingEmptySubsequences: false).map(
        MomentText.minute)
      guard words.count == 1, parts.count == 2, let from = parts[0], let until = parts[1],
        from < until
      else { return nil }
      starts = LocalTime(hours: Int32(from / 60), minutes: Int32(from % 60))
      ends = LocalTime(hours: Int32(until / 60), minutes: Int32(until % 60))
    }
    return range.map {
      WaitlistWindow(dayOfWeek: DayOfWeek(rawValue: Int32($0)), starts: starts, ends: ends)
    }
  }

  /// `mon` is 1…1, `mon-fri` 1…5.
  private static func weekdays(_ text: Substring) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-").map { days.firstIndex(of: String($0)) }
    guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1],
      first <= last
    else { return nil }
    return (first + 1)...(last + 1)
  }

  /// A window of the contract's JSON.
  static func text(_ window: JSONValue) -> String {
    let day = window["dayOfWeek"].map { String(DisplayText.of($0).prefix(3)) }
    let times = [MomentText.clock(of: window["starts"]), MomentText.clock(of: window["ends"])]
    guard times.contains(where: { $0 != nil }) else { return day ?? "any time" }
    return [day, "\(times[0] ?? "00:00")-\(times[1] ?? "24:00")"].compactMap(\.self)
      .joined(separator: " ")
  }
}
