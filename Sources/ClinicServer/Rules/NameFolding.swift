internal import Foundation

/// Brings names of any script to a form in which case, accents, widths and the spelling of a few
/// letters do not count: for search, for comparison and for order.
///
/// Steps: compatibility decomposition (NFKD: full-width and half-width forms, ligatures, circled
/// letters), lower case, accents taken off, letters that Unicode does not decompose written out
/// (`ß` ss, `æ` ae, `ø` o, `ł` l, `đ` d, `þ` th, `ı` i …), apostrophes dropped, everything else
/// that is not a letter, mark or digit made one blank, and composed again. What carries meaning
/// beyond an accent stays: vowel signs of Indic scripts, Japanese voicing marks.
package enum NameFolding {
  /// The longest sort key, in bytes of UTF-8.
  package static let longestSortKey = 240

  /// The folded form of a text: lower-case words with one blank between them.
  package static func folded(_ text: String) -> String {
    if let ascii = foldedASCII(text) { return ascii }
    var folded = String.UnicodeScalarView()
    var isBlankDue = false
    for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
      switch FoldedScalar(scalar) {
      case .dropped:
        continue
      case .separator:
        isBlankDue = !folded.isEmpty
      case .text(let replacement):
        if isBlankDue { folded.append(" ") }
        isBlankDue = false
        folded.append(contentsOf: replacement.unicodeScalars)
      }
    }
    return String(folded).precomposedStringWithCanonicalMapping
  }

  /// The folded words of a text.
  package static func words(_ text: String) -> [String] {
    folded(text).split(separator: " ").map(String.init)
  }

  /// What a list of people is ordered by: the folded family name, then given names; a name that
  /// has only a text goes by that. Cut to ``longestSortKey`` bytes, so that it fits page tokens and
  /// index entries; an order needs a second key anyhow, since people share names.
  package static func sortKey(family: String, given: String, text: String = "") -> String {
    let key =
      family.isEmpty && given.isEmpty ? folded(text) : folded(family) + "\u{1}" + folded(given)
    return cut(key, to: longestSortKey)
  }

  /// The beginning that a sort key has for every family name that begins with `prefix`.
  package static func sortKeyPrefix(family prefix: String) -> String {
    cut(folded(prefix), to: longestSortKey)
  }

  /// The longest beginning of whole scalars within a number of bytes.
  private static func cut(_ text: String, to limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: limit)
    while UTF8.isContinuation(text.utf8[end]) { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }

  /// The same for ASCII, byte by byte; nil for other texts.
  private static func foldedASCII(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { buffer in
        var count = 0
        var isBlankDue = false
        for byte in bytes {
          guard let folded = foldedASCII(byte) else {
            if byte != 0x27, byte != 0x60 { isBlankDue = count > 0 }
            continue
          }
          if isBlankDue {
            buffer[count] = 0x20
            count += 1
          }
          isBlankDue = false
          buffer[count] = folded
          count += 1
        }
        return count
      }
    }
  }

  private static func foldedASCII(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39, 0x61...0x7A: byte
    case 0x41...0x5A: byte + 0x20
    default: nil
    }
  }
}
