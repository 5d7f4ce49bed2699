internal import Glibc

/// Tells the addresses of the public internet from all others: those of this machine, of private
/// networks, of links and groups, and what is reserved or stands for something else. After IANA's
/// registries of special-purpose addresses (RFC 6890).
package enum InternetAddress {
  /// A block of addresses: those that begin with the first bits of some octets.
  private struct Block {
    let octets: [UInt8]
    let length: Int

    init(_ octets: [UInt8], _ length: Int) {
      self.octets = octets
      self.length = length
    }

    func contains(_ address: [UInt8]) -> Bool {
      (0..<length).allSatisfy { bit in
        let mask = UInt8(0x80) >> UInt8(bit % 8)
        let octet = bit / 8 < octets.count ? octets[bit / 8] : 0
        return octet & mask == address[bit / 8] & mask
      }
    }
  }

  /// What of IPv4 is not the public internet.
  private static let reserved4 = [
    // This network, and this machine.
    Block([0], 8), Block([127], 8),
    // Private networks, and those behind a carrier's translation.
    Block([10], 8), Block([172, 16], 12), Block([192, 168], 16), Block([100, 64], 10),
    // The link, where clouds keep their machines' credentials.
    Block([169, 254], 16),
    // Protocol assignments, 6to4 relays, benchmarks and documentation.
    Block([192, 0, 0], 24), Block([192, 88, 99], 24), Block([198, 18], 15),
    Block([192, 0, 2], 24), Block([198, 51, 100], 24), Block([203, 0, 113], 24),
    // Groups, the future, and everybody.
    Block([224], 4), Block([240], 4)
  ]

  /// The only block of IPv6 that is given out. Addresses of IPv4 in IPv6's form lie outside of it.
  private static let global6 = Block([0x20], 3)

  /// What of it is not the public internet: protocol assignments with Teredo, 6to4, documentation.
  private static let reserved6 = [
    Block([0x20, 0x01, 0x00], 23), Block([0x20, 0x02], 16),
    Block([0x20, 0x01, 0x0D, 0xB8], 32), Block([0x3F, 0xFF, 0x00], 20)
  ]

  /// The octets of an address's text; nil for anything else, such as a name.
  package static func octets(of text: String) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &octets) == 1 { return Array(octets.prefix(4)) }
    return inet_pton(AF_INET6, text, &octets) == 1 ? octets : nil
  }

  /// Whether 4 or 16 octets in network order are an address of the public internet.
  package static func isPublic(_ address: [UInt8]) -> Bool {
    switch address.count {
    case 4: !reserved4.contains { $0.contains(address) }
    case 16: global6.contains(address) && !reserved6.contains { $0.contains(address) }
    default: false
    }
  }
}
