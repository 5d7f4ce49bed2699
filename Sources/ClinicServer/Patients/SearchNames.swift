internal import ClinicContracts

/// The names of a patient in the forms that order and search use.
struct SearchNames: Sendable {
  /// The key of the order by name: folded family name, then given names.
  let sort: String

  /// All folded words of all names, each once.
  let words: [String]

  /// The words as the text that the trigram index holds.
  var all: String { words.joined(separator: " ") }

  /// The words as they are found by equality: as they stand, and without the digits that test data
  /// carry.
  var exactForms: Set<String> {
    var forms = Set(words)
    for word in words where word.utf8.contains(where: { (0x30...0x39).contains($0) }) {
      let letters = word.unicodeScalars.filter { !(0x30...0x39).contains($0.value) }
      if !letters.isEmpty { forms.insert(String(String.UnicodeScalarView(letters))) }
    }
    return forms
  }

  /// How the words sound.
  var sounds: Set<String> { Set(words.flatMap(PhoneticKey.keys(word:))) }

  init(_ patient: Patient) {
    let name = patient.name ?? PersonName()
    sort = NameFolding.sortKey(family: name.family, given: name.given, text: name.text)
    var seen = Set<String>()
    words = ([name] + patient.otherNames)
      .flatMap { [$0.family, $0.given, $0.text] }
      .flatMap(NameFolding.words)
      .filter { seen.insert($0).inserted }
  }
}
