/// The name of a call in logs and errors: the caller's, or one that the server makes up.
///
/// A made-up one is two numbers until somebody asks for its text, as most calls never do.
package enum RequestIdentifier: Sendable, Hashable {
  /// The caller's own.
  case given(String)
  /// The server's: 64 random bits of the connection, and the number of the call on it.
  case made(connection: UInt64, call: UInt64)

  /// The text: what the caller gave, or a UUID of version 8 (RFC 9562).
  package var text: String {
    switch self {
    case .given(let text): return text
    case .made(let connection, let call):
      let high = connection & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
      let low = (connection << 50 | call) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
      return Self.uuidText(high: high, low: low)
    }
  }

  /// The 36 characters of a UUID.
  package static func uuidText(high: UInt64, low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = index < 16 ? high : low
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index & 15))) & 15
        buffer[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        position += 1
      }
      return 36
    }
  }
}
