/// What a name sounds like, so that `Catherine` is found under `Kathryn`.
///
/// A key is made from the folded, ASCII-written name in the manner of Metaphone (L. Philips),
/// with rules of our own for the spellings of English, German, Slavic, Spanish and Italian names:
/// consonants are put into classes, vowels count only at the beginning, doubled sounds once, and
/// silent letters go. A word has one or two keys, since some spellings are read in two ways
/// (`Michael`, `Michelle`). Names written without Latin letters sound like themselves: the key is the
/// folded word.
package enum PhoneticKey {
  /// The longest key, in letters. Enough to tell long names apart, short enough to forgive endings.
  package static let length = 6

  /// The keys of every word of a name, without repetition, in the order of the words.
  package static func keys(_ name: String) -> [String] {
    var keys: [String] = []
    for word in NameFolding.words(name) {
      for key in self.keys(word: word) where !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  /// The keys of a folded word: the usual reading, then the other one where there is one.
  package static func keys(word: String) -> [String] {
    let letters = Array(word.utf8)
    guard letters.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }) else {
      return [word]
    }
    var encoder = PhoneticEncoder(letters: letters.filter { $0 >= 0x61 })
    encoder.encode()
    return encoder.keys(length: length)
  }
}
