internal import ClinicContracts

/// What somebody looks for, taken apart: each term is a word of a name, or a number, address or
/// date, or could be either.
struct SearchTerms: Sendable {
  /// One term of a query.
  struct Term: Sendable {
    /// The keys that the term could be, and what a hit means.
    var keys: [String: MatchReason] = [:]
    /// The term as a folded word of a name; nil where it cannot be one.
    var word: String?
    /// How the word sounds.
    var sounds: Set<String> = []
  }

  /// The terms, at most eight.
  let terms: [Term]

  var isEmpty: Bool { terms.isEmpty }
  var keys: [String] { terms.flatMap(\.keys.keys) }
  var words: [String] { terms.compactMap(\.word) }
  /// The keys of the words, each once.
  var exactWords: [String] { Set(words).map { "w:" + $0 } }
  var sounds: [String] { terms.flatMap { $0.sounds.map { "s:" + $0 } } }

  init(_ query: String, countryCode: String) {
    var terms: [Term] = []
    var number: [Substring] = []
    func flush() {
      guard !number.isEmpty else { return }
      terms.append(Self.number(number.joined(separator: " "), countryCode: countryCode))
      number = []
    }
    for part in query.split(whereSeparator: { $0.isWhitespace || $0 == "," }) {
      if let date = SearchDate.packed(part) {
        flush()
        terms.append(Term(keys: date.reduce(into: [:]) { $0["d:\($1)"] = .birthDate }))
      } else if part.contains("@") {
        flush()
        terms.append(Term(keys: ["e:" + part.lowercased(): .email]))
      } else if part.allSatisfy({ $0.isNumber || "+-()/.".contains($0) }) {
        // The blocks of a telephone or NHS number belong together.
        number.append(part)
      } else {
        flush()
        terms += Self.word(part)
      }
    }
    flush()
    self.terms = Array(terms.prefix(8))
  }

  private static func number(_ text: String, countryCode: String) -> Term {
    let compact = PatientKeys.compact(text)
    var term = Term(keys: ["v:" + compact: .identifier, "r:" + compact: .identifier])
    if let e164 = PhoneNumber.normalized(text, country: countryCode) {
      for key in PatientKeys.phone(e164) { term.keys[key] = .phone }
    } else {
      for key in PatientKeys.phone(text) { term.keys[key] = .phone }
    }
    return term
  }

  private static func word(_ part: Substring) -> [Term] {
    NameFolding.words(String(part)).compactMap { word in
      // One letter is no name to look for, but one ideograph is.
      guard word.count > 1 || word.unicodeScalars.allSatisfy({ $0.value > 0x2E80 }) else {
        return nil
      }
      var term = Term(word: word, sounds: Set(PhoneticKey.keys(word: word)))
      if word.contains(where: \.isNumber) {
        let compact = PatientKeys.compact(String(part))
        term.keys["v:" + compact] = .identifier
        term.keys["r:" + compact] = .identifier
      }
      return term
    }
  }
}

/// Dates as people type them in a search.
enum SearchDate {
  /// `1984-03-31`, `31/03/1984` or `31.03.1984` as yyyymmdd; both readings of a day and month that
  /// can be swapped. Nil for anything else.
  static func packed(_ text: some StringProtocol) -> [Int32]? {
    let parts = text.split(whereSeparator: { "-/.".contains($0) })
    guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return nil }
    let numbers = parts.compactMap { Int32($0) }
    guard numbers.count == 3 else { return nil }
    let candidates: [(Int32, Int32, Int32)]
    if parts[0].count == 4 {
      candidates = [(numbers[0], numbers[1], numbers[2])]
    } else if parts[2].count == 4 {
      candidates = [(numbers[2], numbers[1], numbers[0]), (numbers[2], numbers[0], numbers[1])]
    } else {
      return nil
    }
    let dates =
      candidates
      .filter {
        PartialDate(year: Int($0.0), month: Int($0.1), day: Int($0.2))?.isComplete == true
      }
      .map { $0.0 * 10_000 + $0.1 * 100 + $0.2 }
    return dates.isEmpty ? nil : Array(Set(dates)).sorted()
  }
}
