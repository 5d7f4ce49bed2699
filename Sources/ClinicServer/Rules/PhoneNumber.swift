/// Telephone numbers as people write them, and their E.164 form.
package enum PhoneNumber {
  /// The E.164 form (`+442079460958`) of a number: of one written with its country (`+44 (0)20 …`,
  /// `0044 20 …`), or of one written as it is dialled inside `country`.
  ///
  /// - Parameter country: ISO 3166-1 alpha-2. A number without a country code stays unread where
  ///   we do not know the country.
  /// - Returns: nil where the text is no number that could exist: keep it as it was typed.
  package static func normalized(_ text: String, country: String) -> String? {
    guard let (digits, isInternational) = scan(text) else { return nil }
    let home = PhoneCountry.known[country.uppercased()]
    if isInternational { return international(digits[...]) }
    guard let home else {
      return digits.hasPrefix("00") ? international(digits.dropFirst(2)) : nil
    }
    if digits.hasPrefix(home.internationalPrefix),
      let number = international(digits.dropFirst(home.internationalPrefix.count))
    {
      return number
    }
    return national(digits, in: home)
  }

  /// The digits of a text, without anything else.
  package static func digits(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.compactMap(digit)))
  }

  /// The digits after a `+` or an international prefix.
  private static func international(_ digits: Substring) -> String? {
    guard digits.first != "0", (7...15).contains(digits.count) else { return nil }
    guard let country = PhoneCountry.ofInternational(digits) else { return "+" + digits }
    var rest = digits.dropFirst(country.callingCode.count)
    // +44 (0)20 7946 0958: the trunk prefix is written by mistake so often that it is read.
    if country.trunkPrefix == "0", rest.hasPrefix("0") { rest = rest.dropFirst() }
    guard country.lengths.contains(rest.count) else { return nil }
    return "+" + country.callingCode + rest
  }

  private static func national(_ digits: String, in country: PhoneCountry) -> String? {
    var rest = digits[...]
    if !country.trunkPrefix.isEmpty {
      if rest.hasPrefix(country.trunkPrefix) {
        rest = rest.dropFirst(country.trunkPrefix.count)
      } else if country.trunkPrefix == "0" || country.trunkPrefix == "06" {
        // Without its area code a number cannot be dialled from elsewhere; only where all numbers
        // have one length can a missing prefix be told.
        guard country.lengths.lowerBound == country.lengths.upperBound else { return nil }
      }
    }
    guard country.lengths.contains(rest.count) else { return nil }
    return "+" + country.callingCode + rest
  }

  /// The digits of a number, and whether it began with `+`. Nil where it holds letters or signs
  /// that no number has, or nothing to dial.
  private static func scan(_ text: String) -> (digits: String, isInternational: Bool)? {
    var digits = String.UnicodeScalarView()
    var isInternational = false
    var hasBegun = false
    for scalar in text.unicodeScalars {
      if let digit = digit(scalar) {
        digits.append(digit)
        hasBegun = true
      } else if scalar == "+" || scalar == "\u{FF0B}" {
        guard !hasBegun, !isInternational else { return nil }
        isInternational = true
      } else if !isPunctuation(scalar) {
        return nil
      }
    }
    return digits.isEmpty ? nil : (String(digits), isInternational)
  }

  private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if (0x30...0x39).contains(scalar.value) { return scalar }
    guard scalar.properties.generalCategory == .decimalNumber,
      let value = scalar.properties.numericValue
    else { return nil }
    return Unicode.Scalar(UInt8(0x30 + Int(value)))
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "(", ")", ".", "/", "-", "\u{2212}", "\u{202A}"..."\u{202E}", "\u{200E}", "\u{200F}": true
    default:
      scalar.properties.isWhitespace || scalar.properties.generalCategory == .dashPunctuation
    }
  }
}
