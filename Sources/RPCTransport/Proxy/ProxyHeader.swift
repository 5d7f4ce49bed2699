/// What a balancer tells of a connection that it passes on.
enum ProxyHeader: Sendable, Hashable {
  /// The balancer's own, such as its check of the server's health; or it does not know.
  case local
  /// Somebody's.
  case source(address: String, port: Int)
}

/// Reads the header that the PROXY protocol puts before a connection's bytes, in its first form (a
/// line of text) or its second (binary), as HAProxy's description has it
/// (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt).
///
/// A pure value: it is shown the bytes that are there, from the connection's first on.
enum ProxyHeaderDecoder {
  enum Outcome: Sendable, Hashable {
    case needsMore
    /// A header of so many octets.
    case header(ProxyHeader, length: Int)
    /// What came is no header.
    case failed
  }

  /// The longest header that is waited for, in octets: addresses and a few hundred octets of notes.
  static let longest = 2_048

  private static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  ]
  private static let word = Array("PROXY ".utf8)
  /// A line of the first form, its end included.
  private static let longestLine = 107

  static func decode(_ bytes: [UInt8]) -> Outcome {
    if matches(bytes, signature) { return decodeBinary(bytes) }
    if matches(bytes, word) { return decodeLine(bytes) }
    return .failed
  }

  /// Whether bytes begin with a pattern, or may go on to.
  private static func matches(_ bytes: [UInt8], _ pattern: [UInt8]) -> Bool {
    zip(bytes, pattern).allSatisfy { $0 == $1 }
  }

  // MARK: Binary

  private static func decodeBinary(_ bytes: [UInt8]) -> Outcome {
    guard bytes.count >= 16 else { return .needsMore }
    let (version, command) = (bytes[12] >> 4, bytes[12] & 0x0F)
    let length = 16 + Int(bytes[14]) << 8 + Int(bytes[15])
    guard version == 2, command <= 1, length <= longest else { return .failed }
    guard bytes.count >= length else { return .needsMore }
    guard command == 1 else { return .header(.local, length: length) }
    let size: Int
    switch bytes[13] {
    case 0x11: size = 4
    case 0x21: size = 16
    // Datagrams, sockets of one machine, or unknown.
    default: return .header(.local, length: length)
    }
    // Source and destination address, source and destination port.
    guard length >= 16 + 2 * size + 4, let address = IPAddressText(Array(bytes[16..<16 + size]))
    else { return .failed }
    let port = 16 + 2 * size
    return .header(
      .source(address: address.text, port: Int(bytes[port]) << 8 + Int(bytes[port + 1])),
      length: length)
  }

  // MARK: Text

  private static func decodeLine(_ bytes: [UInt8]) -> Outcome {
    guard let end = bytes.prefix(longestLine).firstIndex(of: 0x0A) else {
      return bytes.count < longestLine ? .needsMore : .failed
    }
    guard bytes[end - 1] == 0x0D else { return .failed }
    let line = String(decoding: bytes[..<(end - 1)], as: UTF8.self)
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    if parts.count >= 2, parts[1] == "UNKNOWN" { return .header(.local, length: end + 1) }
    guard parts.count == 6, ["TCP4", "TCP6"].contains(parts[1]),
      let octets = InternetAddress.octets(of: String(parts[2])),
      octets.count == (parts[1] == "TCP4" ? 4 : 16),
      let address = IPAddressText(octets), let port = Int(parts[4]), (0...65_535).contains(port)
    else { return .failed }
    return .header(.source(address: address.text, port: port), length: end + 1)
  }
}
