/// The NHS number of England, Wales and the Isle of Man: ten digits, of which the last is a check
/// digit (weights 10 to 2, modulo 11; NHS Data Dictionary).
package enum NHSNumber {
  /// The ten digits of a number as people write it, with blanks, hyphens or dots anywhere between
  /// the digits; nil where it is not a valid NHS number.
  package static func normalized(_ text: String) -> String? {
    var digits: [UInt8] = []
    for scalar in text.unicodeScalars {
      if let digit = digit(scalar) {
        digits.append(digit)
      } else if !isSeparator(scalar) {
        return nil
      }
    }
    guard hasValidCheckDigit(digits) else { return nil }
    return String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
  }

  /// Whether a text is a valid NHS number, however it is spaced.
  package static func isValid(_ text: String) -> Bool { normalized(text) != nil }

  /// The number as it is printed: `943 476 5919`. Other texts than ten characters stay as they are.
  package static func formatted(_ number: String) -> String {
    guard number.utf8.count == 10 else { return number }
    return "\(number.prefix(3)) \(number.dropFirst(3).prefix(3)) \(number.suffix(4))"
  }

  /// Whether the number is from the range that is never issued to a person (999 000 0000 upwards).
  package static func isForTests(_ number: String) -> Bool {
    normalized(number)?.hasPrefix("999") ?? false
  }

  /// The check digit for nine digits (each 0 to 9); nil where no number begins so.
  package static func checkDigit(for digits: some Sequence<UInt8>) -> UInt8? {
    let sum = zip(digits, stride(from: 10, through: 2, by: -1)).reduce(0) { $0 + Int($1.0) * $1.1 }
    let check = 11 - sum % 11
    return check == 10 ? nil : UInt8(check % 11)
  }

  private static func hasValidCheckDigit(_ digits: [UInt8]) -> Bool {
    guard digits.count == 10, let check = checkDigit(for: digits.dropLast()) else { return false }
    // Ten zeros pass the sum and are nobody's number.
    return check == digits[9] && digits.contains { $0 != 0 }
  }

  /// ASCII and full-width digits.
  private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar.value {
    case 0x30...0x39: UInt8(scalar.value - 0x30)
    case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
    default: nil
    }
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .dashPunctuation
      || scalar == "."
  }
}
