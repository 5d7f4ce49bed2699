/// Language tags: RFC 5646 §2.1, "well-formed" of §2.2.9.
enum LanguageTag {
  private typealias Subtag = Slice<UnsafeBufferPointer<UInt8>>

  static func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !bytes.isEmpty, bytes.count <= 255 else { return false }
    var rest = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)[...]
    guard
      rest.allSatisfy({ subtag in
        (1...8).contains(subtag.count) && subtag.allSatisfy { $0.isLetter || $0.isDigit }
      })
    else { return false }
    if isPrivateUse(rest) || isIrregular(bytes) { return true }

    guard let language = rest.popFirst(), language.count >= 2, language.allSatisfy(\.isLetter)
    else {
      return false
    }
    if language.count <= 3 {
      var extensions = 0
      while extensions < 3, let next = rest.first, next.count == 3, next.allSatisfy(\.isLetter) {
        rest.removeFirst()
        extensions += 1
      }
    }
    if let script = rest.first, script.count == 4, script.allSatisfy(\.isLetter) {
      rest.removeFirst()
    }
    if let region = rest.first, isRegion(region) { rest.removeFirst() }
    return variants(&rest) && extensions(&rest) && (rest.isEmpty || isPrivateUse(rest))
  }

  private static func isRegion(_ subtag: Subtag) -> Bool {
    subtag.count == 2 && subtag.allSatisfy(\.isLetter)
      || subtag.count == 3 && subtag.allSatisfy(\.isDigit)
  }

  /// Drops variants; false if one is there twice.
  private static func variants(_ rest: inout ArraySlice<Subtag>) -> Bool {
    var seen: [[UInt8]] = []
    while let next = rest.first, next.count >= 5 || next.count == 4 && next.first?.isDigit == true {
      let name = next.map(\.lowerCased)
      if seen.contains(name) { return false }
      seen.append(name)
      rest.removeFirst()
    }
    return true
  }

  /// Drops extensions, each a singleton and its subtags; false if one is empty or there twice.
  private static func extensions(_ rest: inout ArraySlice<Subtag>) -> Bool {
    var seen: [UInt8] = []
    while let next = rest.first, next.count == 1, let singleton = next.first?.lowerCased,
      singleton != UInt8(ascii: "x")
    {
      if seen.contains(singleton) { return false }
      seen.append(singleton)
      rest.removeFirst()
      guard let first = rest.first, first.count >= 2 else { return false }
      while let subtag = rest.first, subtag.count >= 2 { rest.removeFirst() }
    }
    return true
  }

  private static func isPrivateUse(_ rest: ArraySlice<Subtag>) -> Bool {
    rest.count >= 2 && rest.first?.count == 1 && rest.first?.first?.lowerCased == UInt8(ascii: "x")
  }

  /// The tags of before 2006 that the grammar does not cover; the others of that time are
  /// well-formed by the grammar.
  private static func isIrregular(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    irregular.contains { $0.utf8.elementsEqual(bytes.lazy.map(\.lowerCased)) }
  }

  private static let irregular = [
    "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux",
    "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl",
    "sgn-ch-de"
  ]
}
