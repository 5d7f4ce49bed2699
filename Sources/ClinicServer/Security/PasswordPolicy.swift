internal import Foundation

/// What is wrong with a new password.
package enum PasswordViolation: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  case tooShort = "PASSWORD_TOO_SHORT"
  case tooLong = "PASSWORD_TOO_LONG"
  case common = "PASSWORD_TOO_COMMON"
  case personal = "PASSWORD_TOO_PERSONAL"

  /// What is allowed, in a sentence.
  package var description: String {
    switch self {
    case .tooShort: "must have at least \(PasswordPolicy.lengths.lowerBound) characters"
    case .tooLong: "must have at most \(PasswordPolicy.lengths.upperBound) characters"
    case .common: "must not be a password that many people use, or a simple sequence"
    case .personal: "must not be made of your e-mail address, your name or the clinic's name"
    }
  }
}

/// Which passwords are taken: long ones that are not among the first that an attacker tries
/// (NIST SP 800-63B §3.1.1.2). No rules about kinds of characters: they make passwords worse.
package enum PasswordPolicy {
  /// How many Unicode scalars a password has.
  package static let lengths = 12...1024

  /// What is wrong with a password, or nil.
  ///
  /// - Parameters:
  ///   - email: the account's e-mail address.
  ///   - names: the person's name, the clinic's name and short name: words that a password must not
  ///     consist of.
  package static func violation(
    of password: String, email: String, names: [String] = []
  ) -> PasswordViolation? {
    let length = password.precomposedStringWithCanonicalMapping.unicodeScalars.count
    if length < lengths.lowerBound { return .tooShort }
    if length > lengths.upperBound { return .tooLong }
    let plain = plainForm(password)
    if plain.isEmpty { return .common }
    if isPersonal(plain, email: email, names: names) { return .personal }
    return isCommon(plain) ? .common : nil
  }

  // MARK: Inside

  /// Letters and digits only, folded, with the usual digits-for-letters swaps undone: the form in
  /// which `P@ssw0rd-2024` is `password2024`.
  private static func plainForm(_ password: String) -> [UInt8] {
    let swaps: [Character: Character] = ["@": "a", "$": "s", "!": "i", "€": "e", "|": "l", "+": "t"]
    let swapped = String(password.map { swaps[$0] ?? $0 })
    return Array(NameFolding.folded(swapped).utf8.filter { $0 != 0x20 })
  }

  /// The letters of a plain form with digits read as the letters they stand for.
  private static func lettersOnly(_ plain: [UInt8]) -> [UInt8] {
    let swaps: [UInt8: Character] = [
      0x30: "o", 0x31: "i", 0x33: "e", 0x34: "a", 0x35: "s", 0x37: "t"
    ]
    return plain.map { swaps[$0]?.asciiValue ?? $0 }
  }

  private static func isPersonal(_ plain: [UInt8], email: String, names: [String]) -> Bool {
    let account = email.split(separator: "@").first.map(String.init) ?? ""
    // Whole names first, then their words: those of three letters and more, the long ones first.
    var words = ([email, account] + names).map(plainForm).filter { $0.count >= 4 }
    words += ([account] + names).flatMap { NameFolding.words($0) }.map { plainForm($0) }
      .filter { $0.count >= 3 }.sorted { $0.count > $1.count }
    var rest = plain
    for word in words { rest = Self.rest(of: rest, without: word) }
    return rest.count < 4
  }

  private static func isCommon(_ plain: [UInt8]) -> Bool {
    // One or a few characters over and over: `aaaaaaaaaaaa`, `abcabcabcabc`, `121212121212`.
    for period in 1...6 where plain.count >= 2 * period {
      if zip(plain, plain.dropFirst(period)).allSatisfy({ $0 == $1 }) { return true }
    }
    if Set(plain).count < 4 { return true }
    if isSequence(plain) { return true }
    // A common word, or several, and little else.
    for form in [plain, lettersOnly(plain)] {
      var remaining = form
      for word in CommonPasswords.words where remaining.count >= word.count {
        remaining = rest(of: remaining, without: word)
      }
      if remaining.count < 5, remaining.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
      if remaining.count < 3 { return true }
    }
    return false
  }

  /// Most steps go along a keyboard's row, the alphabet or the digits, forwards or backwards.
  private static func isSequence(_ plain: [UInt8]) -> Bool {
    var steps = 0
    for (one, next) in zip(plain, plain.dropFirst()) where CommonPasswords.isNeighbour(one, next) {
      steps += 1
    }
    return steps * 5 >= (plain.count - 1) * 4
  }

  /// A text without the occurrences of a word.
  private static func rest(of text: [UInt8], without word: [UInt8]) -> [UInt8] {
    var rest: [UInt8] = []
    var index = 0
    while index < text.count {
      if text[index...].starts(with: word) {
        index += word.count
      } else {
        rest.append(text[index])
        index += 1
      }
    }
    return rest
  }
}
