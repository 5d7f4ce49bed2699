/// How a file writes dates: a pattern of `YYYY`, `YY`, `MM`, `M`, `DD`, `D` and `MMM` (English
/// names) with anything else between them.
package struct DateFormat: Sendable, Hashable {
  /// A calendar date; month and day are 0 where they are not known.
  package struct Parts: Sendable, Hashable {
    package var year = 0
    package var month = 0
    package var day = 0
  }

  private enum Token: Sendable, Hashable {
    case year4, year2, month, monthName, day
    case literal(Character)

    var isLiteral: Bool {
      if case .literal = self { true } else { false }
    }
  }

  /// The pattern.
  package let pattern: String
  private let tokens: [Token]

  /// Reads a pattern; nil where it does not name a year, or names a part twice.
  package init?(_ pattern: String) {
    var tokens: [Token] = []
    var rest = Substring(pattern)
    while let first = rest.first {
      let run = rest.prefix { $0 == first }.count
      switch (first, run) {
      case ("Y", 4): tokens.append(.year4)
      case ("Y", 2): tokens.append(.year2)
      case ("M", 1), ("M", 2): tokens.append(.month)
      case ("M", 3): tokens.append(.monthName)
      case ("D", 1), ("D", 2): tokens.append(.day)
      case ("Y", _), ("M", _), ("D", _): return nil
      default: tokens += Array(repeating: .literal(first), count: run)
      }
      rest = rest.dropFirst(run)
    }
    let years = tokens.count { $0 == .year4 || $0 == .year2 }
    let months = tokens.count { $0 == .month || $0 == .monthName }
    let days = tokens.count { $0 == .day }
    guard years == 1, months <= 1, days <= months else { return nil }
    self.pattern = pattern
    self.tokens = tokens
  }

  /// The date that `text` writes in this pattern; nil where it does not, or there is no such day.
  package func date(_ text: String) -> Parts? {
    var parts = Parts()
    var rest = Substring(text)
    for (position, token) in tokens.enumerated() {
      switch token {
      case .year4:
        guard let year = Self.number(&rest, digits: 4...4) else { return nil }
        parts.year = year
      case .year2:
        guard let year = Self.number(&rest, digits: 2...2) else { return nil }
        parts.year = year < 30 ? 2000 + year : 1900 + year
      case .month, .day:
        // Digits that touch another number are two, as in YYYYMMDD.
        let touches =
          (position + 1 < tokens.count && !tokens[position + 1].isLiteral)
          || (position > 0 && !tokens[position - 1].isLiteral)
        guard let number = Self.number(&rest, digits: touches ? 2...2 : 1...2), number > 0 else {
          return nil
        }
        if token == .month { parts.month = number } else { parts.day = number }
      case .monthName:
        guard let month = Self.monthName(&rest) else { return nil }
        parts.month = month
      case .literal(let character):
        guard rest.first == character else { return nil }
        rest = rest.dropFirst()
      }
    }
    return rest.isEmpty && parts.isValid ? parts : nil
  }

  /// The date of ISO 8601 text: `1984-03-31`, `1984-03` or `1984`, and what stands before the `T`
  /// or blank of a time.
  package static func iso(_ text: String) -> Parts? {
    let date = text.prefix { $0 != "T" && $0 != " " }
    guard date.count == text.count || date.count == 10 else { return nil }
    for pattern in isoPatterns {
      if let parts = pattern.date(String(date)) { return parts }
    }
    return nil
  }

  private static let isoPatterns = ["YYYY-MM-DD", "YYYY-MM", "YYYY"].compactMap(DateFormat.init)

  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december"
  ]

  private static func monthName(_ rest: inout Substring) -> Int? {
    let word = rest.prefix { $0.isLetter }
    guard word.count >= 3,
      let index = monthNames.firstIndex(where: { $0.hasPrefix(word.lowercased()) })
    else { return nil }
    rest = rest.dropFirst(word.count)
    return index + 1
  }

  private static func number(_ rest: inout Substring, digits: ClosedRange<Int>) -> Int? {
    let run = rest.prefix(digits.upperBound).prefix { $0.isASCII && $0.isWholeNumber }
    guard run.count >= digits.lowerBound else { return nil }
    rest = rest.dropFirst(run.count)
    return Int(run)
  }
}

extension DateFormat.Parts {
  /// Whether there is such a day in the Gregorian calendar.
  package var isValid: Bool {
    guard (1...9999).contains(year), (0...12).contains(month), day == 0 || month > 0 else {
      return false
    }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return day == 0 || day <= days[month - 1]
  }
}
