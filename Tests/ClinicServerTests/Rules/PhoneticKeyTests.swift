import Testing

@testable import ClinicServer

@Suite("Phonetic keys")
struct PhoneticKeyTests {
  @Test(
    "are shared by names that sound alike",
    arguments: [
      ("Catherine", "Kathryn"), ("Stephen", "Steven"), ("Philip", "Filip"), ("Smith", "Smyth"),
      ("Smith", "Schmidt"), ("Meyer", "Maier"), ("Thompson", "Thomson"), ("Wright", "Rite"),
      ("Knight", "Night"), ("Rodríguez", "Rodriges"), ("Jon", "John"), ("Geoffrey", "Jeffrey"),
      ("Shaun", "Sean"), ("Siân", "Sian"), ("McDonald", "MacDonald"), ("Clarke", "Clark"),
      ("Nowak", "Novak"), ("Hughes", "Hughs"), ("Mohammed", "Muhamad"), ("Zofia", "Sophia"),
      ("Johann", "Yohan"), ("Walter", "Valter"), ("Lewandowski", "Levandovski"),
      ("Michał", "Mikal"), ("Xavier", "Savier"), ("Philippa", "Filipa"), ("Gerhard", "Gerhart"),
      ("Christine", "Kristin"), ("Siobhán", "Shivaun"), ("Niamh", "Neev"),
      ("Kowalczyk", "Kovalchik"), ("Marcelina712", "Marselina")
    ])
  func alike(left: String, right: String) {
    let shared = Set(PhoneticKey.keys(left)).intersection(PhoneticKey.keys(right))
    #expect(!shared.isEmpty, "\(PhoneticKey.keys(left)) \(PhoneticKey.keys(right))")
  }

  @Test(
    "are not shared by names that do not",
    arguments: [
      ("Smith", "Jones"), ("Taylor", "Walker"), ("Brown", "Green"), ("Anna", "Emma"),
      ("Patel", "Khan"), ("Robert", "Richard"), ("Wilson", "Watson"), ("王", "李"),
      ("O'Neill", "Byrne")
    ])
  func unlike(left: String, right: String) {
    let shared = Set(PhoneticKey.keys(left)).intersection(PhoneticKey.keys(right))
    #expect(shared.isEmpty, "\(shared)")
  }

  @Test("are short, one or two for a word, and there for every word with a letter")
  func shape() {
    for name in DemoNames.all.flatMap({ $0.female + $0.male + $0.family }) {
      for word in NameFolding.words(name) {
        let keys = PhoneticKey.keys(word: word)
        #expect((1...2).contains(keys.count), "\(word)")
        #expect(keys.allSatisfy { !$0.isEmpty })
        guard word.utf8.allSatisfy({ $0 < 0x80 }) else {
          #expect(keys == [word])
          continue
        }
        #expect(keys.allSatisfy { $0.count <= PhoneticKey.length })
      }
    }
    #expect(PhoneticKey.keys("").isEmpty)
    #expect(PhoneticKey.keys("1234").isEmpty)
    #expect(PhoneticKey.keys("Anna Anna") == ["AN"])
    #expect(PhoneticKey.keys("h") == [] || PhoneticKey.keys("h").count == 1)
  }

  @Test("take any letters without harm")
  func random() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let word = String(
        (0..<random.next(below: 12)).map { _ in random.pick(Array("abcdefghijklmnopqrstuvwxyz")) })
      let keys = PhoneticKey.keys(word: word)
      #expect(keys.count <= 2, "seed \(seed): \(word)")
    }
  }
}
