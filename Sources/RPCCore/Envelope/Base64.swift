/// Base64 (RFC 4648 §4) as metadata has it: written without padding, read with and without.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The text of bytes, without padding.
  package static func text(of bytes: [UInt8]) -> String {
    let count = (bytes.count * 8 + 5) / 6
    return String(unsafeUninitializedCapacity: count) { buffer in
      var position = 0
      var bits: UInt32 = 0
      var width: UInt32 = 0
      for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        width += 8
        while width >= 6 {
          width -= 6
          buffer[position] = alphabet[Int(bits >> width & 63)]
          position += 1
        }
      }
      if width > 0 {
        buffer[position] = alphabet[Int(bits << (6 - width) & 63)]
        position += 1
      }
      return position
    }
  }

  /// The bytes of a text, or nil where it is no base64.
  package static func bytes(of text: some StringProtocol) -> [UInt8]? {
    var text = Array(text.utf8)
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    if padding > 0 {
      guard padding <= 2, text.count % 4 == 0 else { return nil }
      text.removeLast(padding)
    }
    guard text.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var width: UInt32 = 0
    for character in text {
      let value = values[Int(character)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      width += 6
      if width >= 8 {
        width -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> width))
      }
    }
    return bytes
  }
}
