extension LocalMoment {
  /// Makes a moment of a day from seconds since midnight, 0 to 86,399.
  package init(_ day: LocalDay, second: Int) {
    self.init(day: day.number, second: second)
  }

  /// Makes a moment of a day from a clock's hour and minute.
  package init(_ day: LocalDay, hour: Int, minute: Int = 0) {
    self.init(day: day.number, minute: hour * 60 + minute)
  }

  /// The day.
  package var localDay: LocalDay { LocalDay(number: day) }

  /// The form of RFC 5545 §3.3.5: `20260329T090000`.
  package var basicText: String {
    localDay.basicText + "T" + Digits.padded(second / 3_600, to: 2)
      + Digits.padded(second / 60 % 60, to: 2) + Digits.padded(second % 60, to: 2)
  }

  /// Reads the form of RFC 5545 §3.3.5 without a time zone; nil for anything else.
  package init?(basicText text: some StringProtocol) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard parts.count == 2, let day = LocalDay(basicText: parts[0]),
      parts[1].utf8.count == 6, let time = Digits.number(parts[1])
    else { return nil }
    let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    self.init(day, second: hour * 3_600 + minute * 60 + second)
  }
}

extension LocalMoment: CustomStringConvertible {
  /// The moment as ISO 8601 writes it, to the minute: `2026-03-29T09:00`.
  package var description: String {
    "\(localDay)T\(Digits.padded(second / 3_600, to: 2)):\(Digits.padded(second / 60 % 60, to: 2))"
  }
}

extension LocalDay {
  /// The form of RFC 5545 §3.3.4: `20260329`.
  package var basicText: String {
    let (year, month, day) = parts
    return Digits.padded(year, to: 4) + Digits.padded(month, to: 2) + Digits.padded(day, to: 2)
  }

  /// Reads the form of RFC 5545 §3.3.4; nil for anything else, and for days that do not exist.
  package init?(basicText text: some StringProtocol) {
    guard text.utf8.count == 8, let number = Digits.number(text) else { return nil }
    self.init(year: number / 10_000, month: number / 100 % 100, day: number % 100)
  }
}
