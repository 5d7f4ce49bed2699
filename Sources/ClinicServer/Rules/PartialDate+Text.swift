extension PartialDate: CustomStringConvertible {
  /// ISO 8601: `1984-03-31`, `1984-03` or `1984`.
  package var description: String {
    var text = Self.padded(year, to: 4)
    if month > 0 { text += "-" + Self.padded(month, to: 2) }
    if day > 0 { text += "-" + Self.padded(day, to: 2) }
    return text
  }

  /// Reads ISO 8601: `1984-03-31`, `1984-03` or `1984`; nil for any other form, and for dates that
  /// do not exist.
  package init?(iso text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), parts[0].utf8.count == 4,
      parts.dropFirst().allSatisfy({ $0.utf8.count == 2 })
    else { return nil }
    let numbers = parts.compactMap { Self.number($0) }
    guard numbers.count == parts.count, numbers.dropFirst().allSatisfy({ $0 > 0 }) else {
      return nil
    }
    self.init(
      year: numbers[0], month: numbers.count > 1 ? numbers[1] : 0,
      day: numbers.count > 2 ? numbers[2] : 0)
  }

  private static func number(_ digits: some StringProtocol) -> Int? {
    guard (1...4).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(digits)
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
