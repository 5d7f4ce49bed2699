internal import ClinicContracts

extension SearchTerms {
  /// The least score that is worth showing.
  static let threshold = 0.45

  /// How well a patient fits: the mean of its terms, or nil where that is too little.
  ///
  /// A term that is a key of the patient counts 1; a word of a name counts by its likeness to the
  /// nearest word of the patient's names.
  func match(_ patient: Patient) -> PatientMatch? {
    let keys = PatientKeys.facts(of: patient)
    let bareKeys = Set(keys.keys).union(
      patient.recordNumber.isEmpty ? [] : ["r:" + PatientKeys.compact(patient.recordNumber)])
    let names = SearchNames(patient)
    var total = 0.0
    var reasons: [MatchReason] = []
    for term in terms {
      if let hit = term.keys.first(where: { bareKeys.contains($0.key) }) {
        total += 1
        reasons.append(hit.value)
      } else if let word = term.word {
        let likeness = Self.likeness(word, sounds: term.sounds, to: names)
        total += likeness
        if likeness == 1 {
          reasons.append(.name)
        } else if likeness > 0 {
          reasons.append(.similarName)
        }
      }
    }
    let score = total / Double(terms.count)
    guard score >= Self.threshold else { return nil }
    var seen = Set<MatchReason>()
    return PatientMatch(
      patient: patient, score: score, reasons: reasons.filter { seen.insert($0).inserted })
  }

  /// How alike a word and the nearest of a patient's names are, 0 to 1.
  private static func likeness(_ word: String, sounds: Set<String>, to names: SearchNames) -> Double
  {
    var best = 0.0
    for name in names.words {
      if name == word { return 1 }
      // Names may carry marks that nobody types, such as the digits of test data.
      let bare = name.filter { !$0.isNumber }
      if bare == word { return 1 }
      if word.count >= 2, name.hasPrefix(word) { best = max(best, 0.9) }
      let similar = WordLikeness.similarity(word, bare.isEmpty ? name : bare)
      if similar >= 0.6 { best = max(best, similar * 0.95) }
      if best < 0.75, !sounds.isDisjoint(with: PhoneticKey.keys(word: name)) { best = 0.75 }
    }
    return best
  }
}

/// The likeness of words by the slips of typing that lie between them.
enum WordLikeness {
  /// 1 less the optimal string alignment distance (insertions, deletions, replacements and swaps of
  /// neighbours) over the length of the longer word.
  static func similarity(_ left: String, _ right: String) -> Double {
    let a = Array(left.unicodeScalars.prefix(64))
    let b = Array(right.unicodeScalars.prefix(64))
    let longer = max(a.count, b.count)
    guard longer > 0 else { return 1 }
    return 1 - Double(distance(a, b)) / Double(longer)
  }

  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + Array(repeating: 0, count: b.count)
      for j in 1...b.count {
        let replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        row[j] = min(above[j] + 1, row[j - 1] + 1, replaced)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          row[j] = min(row[j], before[j - 2] + 1)
        }
      }
      before = above
      above = row
    }
    return above[b.count]
  }
}
