package import FoundationEssentials

extension UUID {
  /// The 36 characters of the canonical form, in lower case (RFC 9562 §4).
  package var text: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      withUnsafeBytes(of: uuid) { bytes in
        var position = 0
        for index in 0..<16 {
          if index == 4 || index == 6 || index == 8 || index == 10 {
            buffer[position] = 0x2D
            position += 1
          }
          buffer[position] = Self.digit(bytes[index] >> 4)
          buffer[position + 1] = Self.digit(bytes[index] & 15)
          position += 2
        }
      }
      return 36
    }
  }

  /// Reads the canonical form in lower or upper case; nil for any other form.
  package init?(text: some StringProtocol) {
    var text = String(text)
    let parsed = text.withUTF8 { Self.parse($0) }
    guard let parsed else { return nil }
    self = parsed
  }

  private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> UUID? {
    guard text.count == 36, text[8] == 0x2D, text[13] == 0x2D, text[18] == 0x2D, text[23] == 0x2D
    else { return nil }
    var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    let isSound = withUnsafeMutableBytes(of: &value) { bytes in
      var position = 0
      for index in 0..<16 {
        if text[position] == 0x2D { position += 1 }
        guard let high = nibble(text[position]), let low = nibble(text[position + 1]) else {
          return false
        }
        bytes[index] = high << 4 | low
        position += 2
      }
      return true
    }
    return isSound ? UUID(uuid: value) : nil
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? 0x30 + nibble : 0x57 + nibble
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
