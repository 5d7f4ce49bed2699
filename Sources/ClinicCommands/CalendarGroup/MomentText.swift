/// Dates and times as people type and read them, on a clinic's wall clock.
package struct MomentText: Sendable {
  /// The clinic's zone.
  package let zone: ClinicZone
  /// Now, in seconds since 1970.
  package let now: Int64

  package init(zone: ClinicZone, now: Int64) {
    self.zone = zone
    self.now = now
  }

  /// The day that a text means: `2026-12-01`, `today`, `tomorrow`, `yesterday`, a weekday (the next
  /// one, today included), or `+3` and `-3` for so many days from today.
  package func day(_ text: String) throws(CommandFailure) -> Int {
    let today = zone.local(now).day
    let word = text.lowercased()
    switch word {
    case "today": return today
    case "tomorrow": return today + 1
    case "yesterday": return today - 1
    default: break
    }
    if word.count >= 3,
      let weekday = DayNumber.weekdays.firstIndex(where: { $0.lowercased().hasPrefix(word) })
    {
      return today + (weekday - DayNumber.weekday(today) + 7) % 7
    }
    if word.hasPrefix("+") || word.hasPrefix("-"), let days = Int(word) { return today + days }
    if let date = DateFormat.iso(text),
      let day = DayNumber.of(year: date.year, month: date.month, day: date.day)
    {
      return day
    }
    throw .usage(
      "'\(text)' is no day", hint: "as 2026-12-01, today, tomorrow, friday, or +3")
  }

  /// The instant that a text means: a day and a time, as `2026-12-01 14:30` or `fri 14:30`; a time
  /// of today; or RFC 3339 with a zone of its own.
  package func instant(_ text: String) throws(CommandFailure) -> Int64 {
    if let instant = Self.rfc3339(text) { return instant }
    let parts = text.split { $0 == " " || $0 == "T" && text.contains("T") && !text.contains(" ") }
    let hint = "as '2026-12-01 14:30', 'fri 14:30' or '14:30', on the clinic's clock"
    guard let last = parts.last, (1...2).contains(parts.count), let minute = Self.minute(last)
    else {
      throw .usage("'\(text)' is no date and time", hint: hint)
    }
    let day = parts.count == 2 ? try day(String(parts[0])) : zone.local(now).day
    return zone.instant(day: day, minute: minute)
  }

  private static let units: [Character: Int64] = [
    "m": 60, "h": 3_600, "d": 86_400, "w": 604_800
  ]

  /// The instant of an option: what ``instant(_:)`` takes, a day alone, or `+30m`, `+4h`, `+3d` and
  /// `+2w` for that long from now.
  ///
  /// - Parameter dayEnds: Whether a day alone stands for its last minute rather than its first.
  package func moment(_ text: String, dayEnds: Bool = false) throws(CommandFailure) -> Int64 {
    if text.hasPrefix("+"), let unit = text.last.flatMap({ Self.units[$0] }),
      let count = Int64(text.dropFirst().dropLast()), (1...100_000).contains(count)
    {
      return now + count * unit
    }
    // A day may be read out of a time that names one.
    if !text.contains(":"), let day = try? day(text) {
      return zone.instant(day: day, minute: dayEnds ? 1_439 : 0)
    }
    if let instant = try? instant(text) { return instant }
    throw .usage(
      "'\(text)' is not a time",
      hint: "as tomorrow, 2026-12-01, 'fri 14:30', +30m, +4h, +3d or +2w, on the clinic's clock")
  }

  /// Minutes since midnight of `9:05` or `14:30`; nil for anything else.
  package static func minute(_ text: some StringProtocol) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let hours = parts[0], let minutes = parts[1],
      (0...24).contains(hours), (0...59).contains(minutes), hours < 24 || minutes == 0
    else { return nil }
    return hours * 60 + minutes
  }

  /// `14:30` of minutes since midnight.
  package static func clock(_ minute: Int) -> String {
    "\(two(minute / 60)):\(two(minute % 60))"
  }

  /// `2026-12-01` of a day.
  package static func date(_ day: Int) -> String {
    let date = DayNumber.date(day)
    return "\(date.year)-\(two(date.month))-\(two(date.day))"
  }

  /// `Tue 2026-12-01 14:30` of an instant.
  package func text(_ instant: Int64) -> String {
    let local = zone.local(instant)
    let weekday = DayNumber.weekdays[DayNumber.weekday(local.day)].prefix(3)
    return "\(weekday) \(Self.date(local.day)) \(Self.clock(local.minute))"
  }

  /// The same for a timestamp of the contract's JSON; its own text where it is none.
  package func text(ofTimestamp value: JSONValue?) -> String {
    guard let text = value?.text else { return "" }
    return Self.rfc3339(text).map { self.text($0) } ?? text
  }

  /// Seconds since 1970 of an RFC 3339 timestamp; nil for anything else.
  package static func rfc3339(_ text: String) -> Int64? {
    let utf8 = Array(text.utf8)
    guard utf8.count >= 17, utf8[10] == UInt8(ascii: "T") || utf8[10] == UInt8(ascii: " "),
      let date = DateFormat.iso(String(text.prefix(10))),
      let day = DayNumber.of(year: date.year, month: date.month, day: date.day)
    else { return nil }
    var clock = text.dropFirst(11)
    var offset: Int64 = 0
    if clock.hasSuffix("Z") {
      clock = clock.dropLast()
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }),
      let minutes = minute(clock[clock.index(after: sign)...])
    {
      offset = Int64(minutes) * (clock[sign] == "+" ? 60 : -60)
      clock = clock[..<sign]
    } else {
      return nil
    }
    let parts = clock.split(separator: ":")
    guard (2...3).contains(parts.count), let minute = minute("\(parts[0]):\(parts[1])") else {
      return nil
    }
    let seconds = parts.count == 3 ? Int64(parts[2].prefix(2)) : 0
    guard let seconds, (0...60).contains(seconds) else { return nil }
    return Int64(day) * 86_400 + Int64(minute) * 60 + seconds - offset
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
