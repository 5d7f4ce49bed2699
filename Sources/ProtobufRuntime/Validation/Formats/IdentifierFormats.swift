/// The formats that need no knowledge besides their own grammar.
enum IdentifierFormats {
  static func isUUID(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count == 36 else { return false }
    for (index, byte) in bytes.enumerated() {
      switch index {
      case 8, 13, 18, 23: if byte != UInt8(ascii: "-") { return false }
      default: if !byte.isHexDigit { return false }
      }
    }
    return true
  }

  static func isE164(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    // A country code never begins with 0 (ITU-T E.164).
    guard (8...16).contains(bytes.count), bytes[0] == UInt8(ascii: "+"),
      bytes[1] != UInt8(ascii: "0")
    else { return false }
    return bytes.dropFirst().allSatisfy(\.isDigit)
  }

  static func isSlug(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard (2...63).contains(bytes.count), bytes.first != hyphen, bytes.last != hyphen else {
      return false
    }
    return bytes.allSatisfy { $0.isLowerCaseLetter || $0.isDigit || $0 == hyphen }
  }

  static func isLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return true }
    // Printable ASCII, which is nearly everything, needs no decoding.
    if bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) { return first != 0x20 && last != 0x20 }

    var scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    if scalars.first?.properties.isWhitespace == true { return false }
    if scalars.last?.properties.isWhitespace == true { return false }
    while let scalar = scalars.popFirst() {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: return false
      default: continue
      }
    }
    return true
  }
}
