/// Reads a word of the letters a to z from left to right and writes its sounds.
///
/// The sounds: `A` a vowel at the beginning; `F` f, v, ph, pf; `H` h before the first vowel; `K` k, c,
/// q, g; `L`; `M`; `N`; `P` p, b; `R`; `S` s, z, soft c; `T` t, d, th; `W` w at the beginning; `X` sh,
/// ch, j, soft g; `Y` the other reading of j. Voiced and unvoiced are one, since they are mistaken
/// for each other when a name is heard.
struct PhoneticEncoder {
  private let letters: [UInt8]
  private var position = 0
  private var primary: [UInt8] = []
  private var alternate: [UInt8] = []

  init(letters: [UInt8]) {
    self.letters = letters
  }

  /// The keys made by ``encode()``, cut to a length.
  func keys(length: Int) -> [String] {
    let keys = [primary, alternate].map { String(decoding: $0.prefix(length), as: UTF8.self) }
    if keys[0].isEmpty { return keys[1].isEmpty ? [] : [keys[1]] }
    return keys[0] == keys[1] || keys[1].isEmpty ? [keys[0]] : keys
  }

  /// Reads the whole word.
  mutating func encode() {
    skipSilentBeginning()
    while position < letters.count { step() }
  }

  // MARK: Reading

  private func has(_ text: StaticString, at offset: Int = 0) -> Bool {
    let start = position + offset
    guard start >= 0, start + text.utf8CodeUnitCount <= letters.count else { return false }
    return text.withUTF8Buffer { letters[start..<start + $0.count].elementsEqual($0) }
  }

  private func hasAny(_ texts: [StaticString], at offset: Int = 0) -> Bool {
    texts.contains { has($0, at: offset) }
  }

  private func letter(_ offset: Int) -> UInt8? {
    let index = position + offset
    return letters.indices.contains(index) ? letters[index] : nil
  }

  private func isVowel(_ offset: Int) -> Bool {
    switch letter(offset) {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
      UInt8(ascii: "u"), UInt8(ascii: "y"):
      true
    default: false
    }
  }

  private func isSoftening(_ offset: Int) -> Bool {
    switch letter(offset) {
    case UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "y"): true
    default: false
    }
  }

  private var isAtEnd: Bool { position == letters.count - 1 }

  // MARK: Writing

  /// Writes a sound in both readings, and moves on.
  private mutating func sound(_ sound: Character?, or other: Character? = nil, taking count: Int) {
    let usual = sound?.asciiValue
    append(usual, to: &primary)
    append(other?.asciiValue ?? usual, to: &alternate)
    position += count
  }

  /// A sound that is written twice is heard once.
  private func append(_ sound: UInt8?, to key: inout [UInt8]) {
    guard let sound, key.last != sound else { return }
    key.append(sound)
  }

  // MARK: Rules

  private mutating func skipSilentBeginning() {
    if hasAny(["gn", "kn", "pn", "ps", "pt", "wr", "mn"]) {
      position = 1
    } else if has("x") {
      sound("S", taking: 1)
    } else if has("wh") {
      sound("W", taking: 2)
    } else if letters.elementsEqual("sean".utf8) {
      sound("X", or: "S", taking: 1)
    } else if has("mc") {
      sound("M", taking: 1)
      sound("K", taking: has("ck") ? 2 : 1)
    } else if has("mac"), letters.count > 4 {
      // MacIntyre, with Macey.
      sound("M", taking: 2)
      if isSoftening(1) { sound("K", or: "S", taking: 1) }
    }
  }

  private mutating func step() {
    if isVowel(0), letter(0) != UInt8(ascii: "y") || !isVowel(1) {
      sound(position == 0 ? "A" : nil, taking: 1)
      return
    }
    switch letter(0) {
    case UInt8(ascii: "b"): stepB()
    case UInt8(ascii: "c"): stepC()
    case UInt8(ascii: "d"): stepD()
    case UInt8(ascii: "f"), UInt8(ascii: "v"): sound("F", taking: 1)
    case UInt8(ascii: "g"): stepG()
    case UInt8(ascii: "h"): stepH()
    case UInt8(ascii: "j"): sound("X", or: position == 0 ? "A" : "Y", taking: 1)
    case UInt8(ascii: "k"), UInt8(ascii: "q"): sound("K", taking: has("kh") ? 2 : 1)
    case UInt8(ascii: "l"): sound("L", taking: 1)
    case UInt8(ascii: "m"): stepM()
    case UInt8(ascii: "n"): sound("N", taking: 1)
    case UInt8(ascii: "p"): stepP()
    case UInt8(ascii: "r"): sound("R", taking: has("rh") ? 2 : 1)
    case UInt8(ascii: "s"): stepS()
    case UInt8(ascii: "t"): stepT()
    case UInt8(ascii: "w"): stepW()
    case UInt8(ascii: "x"): stepX()
    case UInt8(ascii: "y"): sound(position == 0 ? "A" : nil, taking: 1)
    case UInt8(ascii: "z"): stepZ()
    default: position += 1
    }
  }

  private mutating func stepB() {
    if has("bh"), position > 0 {
      // Siobhan.
      sound("F", or: "P", taking: 2)
    } else {
      sound(isAtEnd && has("m", at: -1) ? nil : "P", taking: 1)
    }
  }

  private mutating func stepM() {
    if has("mh"), position > 0 {
      // Niamh.
      sound("F", or: "M", taking: 2)
    } else {
      sound("M", taking: 1)
    }
  }

  private mutating func stepC() {
    if hasAny(["cz", "cs"]) {
      sound("X", taking: 2)
    } else if has("chr") || has("chl") {
      sound("K", taking: 2)
    } else if has("ch") {
      // Church; Michael, Bach, Chiara.
      sound("X", or: "K", taking: 2)
    } else if has("ck") {
      sound("K", taking: 2)
    } else if hasAny(["cce", "cci"]) {
      sound("X", or: "K", taking: 2)
    } else if has("c"), isSoftening(1) {
      // Cecil; Lucio.
      sound("S", or: hasAny(["cia", "cio", "ciu"]) ? "X" : nil, taking: 1)
    } else {
      sound("K", taking: 1)
    }
  }

  private mutating func stepD() {
    if hasAny(["dge", "dgi", "dgy"]) {
      sound("X", taking: 2)
    } else if hasAny(["dj", "dz", "dsch"]) {
      sound("X", or: "S", taking: has("dsch") ? 4 : 2)
    } else {
      sound("T", taking: has("dt") || has("dh") ? 2 : 1)
    }
  }

  private mutating func stepG() {
    if has("gh") {
      // Ghita, Afghan; silent in Wright and Vaughan; rough in Keough.
      if position == 0 || !isVowel(-1) {
        sound("K", taking: 2)
      } else if isVowel(2) {
        sound(nil, or: "K", taking: 2)
      } else {
        sound(nil, or: position + 2 == letters.count ? "F" : nil, taking: 2)
      }
    } else if has("gn") {
      // Agnes; Campagna.
      append(UInt8(ascii: "K"), to: &primary)
      position += 1
    } else if isSoftening(1) {
      // Gerhard, Gillian; George, Angela.
      let isHard = hasAny(["ger", "get", "gi"])
      sound(isHard ? "K" : "X", or: isHard ? "X" : "K", taking: 1)
    } else {
      sound("K", taking: 1)
    }
  }

  private mutating func stepH() {
    // Heard at the beginning before a vowel only: Hannah, Sarah and Mohamed with Moamed.
    sound(position == 0 && isVowel(1) ? "H" : nil, taking: 1)
  }

  private mutating func stepP() {
    if has("ph") || has("pf") {
      sound("F", taking: 2)
    } else if has("mps", at: -1) || has("mpt", at: -1) {
      // Thompson is Thomson.
      position += 1
    } else {
      sound("P", taking: 1)
    }
  }

  private mutating func stepS() {
    if has("sch") {
      sound("X", or: "S", taking: 3)
    } else if hasAny(["sh", "sj", "sz"]) {
      sound("X", or: has("sz") ? "S" : nil, taking: 2)
    } else if has("siob") {
      sound("X", or: "S", taking: 1)
    } else if hasAny(["sia", "sio"]), !has("sian") {
      sound("S", or: "X", taking: 1)
    } else if hasAny(["sce", "sci"]) {
      sound("S", or: "X", taking: 2)
    } else if position == 0, hasAny(["sm", "sn", "sl", "sw"]) {
      // Smith with Schmidt.
      sound("S", or: "X", taking: 1)
    } else {
      sound("S", taking: 1)
    }
  }

  private mutating func stepT() {
    if has("tsch") {
      sound("X", taking: 4)
    } else if has("tch") {
      sound("X", taking: 3)
    } else if hasAny(["tia", "tio"]), position > 0, position + 3 < letters.count {
      sound("X", or: "T", taking: 1)
    } else if has("th") {
      sound("T", taking: 2)
    } else if hasAny(["tz", "ts"]) {
      sound("S", taking: 2)
    } else {
      sound("T", taking: 1)
    }
  }

  private mutating func stepW() {
    if position == 0, isVowel(1) {
      // Walter is also Valter.
      sound("W", or: "F", taking: 1)
    } else if isVowel(-1), isVowel(1) {
      sound(nil, or: "F", taking: 1)
    } else if hasAny(["wski", "wska", "wsky"]) || isAtEnd && !isVowel(-1) {
      sound("F", taking: 1)
    } else {
      sound(nil, taking: 1)
    }
  }

  private mutating func stepX() {
    append(UInt8(ascii: "K"), to: &primary)
    append(UInt8(ascii: "K"), to: &alternate)
    sound("S", taking: 1)
  }

  private mutating func stepZ() {
    if has("zh") {
      sound("X", taking: 2)
    } else {
      sound("S", taking: 1)
    }
  }
}
