/// What becomes of a decomposed scalar when a name is folded.
enum FoldedScalar {
  case dropped
  case separator
  case text(String)

  init(_ scalar: Unicode.Scalar) {
    if let spelling = Self.spellings[scalar] {
      self = spelling.isEmpty ? .dropped : .text(spelling)
      return
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark:
      self = Self.isAccent(scalar) ? .dropped : .text(String(scalar))
    case .spacingMark, .decimalNumber, .letterNumber, .otherNumber, .otherLetter:
      self = .text(Self.digit(scalar) ?? String(scalar))
    case .uppercaseLetter, .titlecaseLetter, .lowercaseLetter:
      self = Self.lowercased(scalar)
    case .modifierLetter, .modifierSymbol:
      // ʻ, ʼ, ´ and their like stand for apostrophes; ー lengthens a vowel and is kept.
      self = scalar == "\u{30FC}" ? .text(String(scalar)) : .dropped
    case .format:
      self = .dropped
    default:
      self = .separator
    }
  }

  /// Marks that only dress a letter: by their combining class the overlays (1), nuktas (7), Hebrew,
  /// Arabic and Syriac points (10 to 36), and everything attached to, above or below a letter (200
  /// and up). Not vowel signs (0 and 84 to 132), voicing marks (8) and viramas (9).
  private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.canonicalCombiningClass.rawValue {
    case 1, 7, 10...36, 200...255: true
    default: scalar.properties.generalCategory == .enclosingMark
    }
  }

  private static func lowercased(_ scalar: Unicode.Scalar) -> FoldedScalar {
    let lower = scalar.properties.lowercaseMapping
    guard let first = lower.unicodeScalars.first, let spelling = spellings[first] else {
      return .text(lower)
    }
    return .text(spelling)
  }

  /// The ASCII digit of a decimal digit of any script.
  private static func digit(_ scalar: Unicode.Scalar) -> String? {
    guard scalar.properties.generalCategory == .decimalNumber,
      let value = scalar.properties.numericValue
    else { return nil }
    return String(Int(value))
  }

  /// Letters and signs that Unicode does not decompose; an empty spelling drops the scalar.
  private static let spellings: [Unicode.Scalar: String] = [
    "ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ə": "e", "ǝ": "e", "ɖ": "d", "ɗ": "d",
    "ɓ": "b", "ƙ": "k", "ƴ": "y", "ɛ": "e", "ɔ": "o", "ƀ": "b", "ɨ": "i", "ʉ": "u", "ƶ": "z",
    // Greek: the final sigma is a sigma.
    "ς": "σ",
    // Cyrillic letters that stand for each other in transcripts of one name.
    "ґ": "г", "ђ": "д", "ћ": "т", "ј": "и", "љ": "л", "њ": "н", "є": "е", "і": "и", "ѐ": "е",
    // Arabic and Persian: forms of one letter; tatweel only stretches a line.
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه",
    "\u{0640}": "",
    // Apostrophes, which people leave out: O'Neill, O’Neill, Oʻzbek.
    "'": "", "`": "", "\u{2018}": "", "\u{2019}": "", "\u{201B}": "", "\u{2032}": "",
    "\u{00B4}": "", "\u{05F3}": "", "\u{05F4}": ""
  ]
}
