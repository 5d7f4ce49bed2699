/// Numbers of a fixed width, as dates and times have them.
enum Digits {
  /// The number with zeros before it.
  static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The number that some ASCII digits stand for; nil where there is anything else.
  static func number(_ digits: some StringProtocol) -> Int? {
    guard (1...9).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(digits)
  }
}
