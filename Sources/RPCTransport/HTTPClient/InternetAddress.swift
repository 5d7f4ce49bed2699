internal import Glibc

/// Tells the addresses of the public internet from all others: those of this machine, of private
/// networks, of links and groups, and what is reserved or stands for something else. After IANA's
/// registries of special-purpose addresses (RFC 6890).
package enum InternetAddress {
  /// What of IPv4 is not the public internet.
  private static let reserved4 = [
    // This network, and this machine.
    AddressBlock([0], 8), AddressBlock([127], 8),
    // Private networks, and those behind a carrier's translation.
    AddressBlock([10], 8), AddressBlock([172, 16], 12), AddressBlock([192, 168], 16),
    AddressBlock([100, 64], 10),
    // The link, where clouds keep their machines' credentials.
    AddressBlock([169, 254], 16),
    // Protocol assignments, 6to4 relays, benchmarks and documentation.
    AddressBlock([192, 0, 0], 24), AddressBlock([192, 88, 99], 24), AddressBlock([198, 18], 15),
    AddressBlock([192, 0, 2], 24), AddressBlock([198, 51, 100], 24),
    AddressBlock([203, 0, 113], 24),
    // Groups, the future, and everybody.
    AddressBlock([224], 4), AddressBlock([240], 4)
  ]

  /// The only block of IPv6 that is given out. Addresses of IPv4 in IPv6's form lie outside of it.
  private static let global6 = AddressBlock([0x20], 3)

  /// What of it is not the public internet: protocol assignments with Teredo, 6to4, documentation.
  private static let reserved6 = [
    AddressBlock([0x20, 0x01, 0x00], 23), AddressBlock([0x20, 0x02], 16),
    AddressBlock([0x20, 0x01, 0x0D, 0xB8], 32), AddressBlock([0x3F, 0xFF, 0x00], 20)
  ]

  /// The octets of an address's text; nil for anything else, such as a name.
  package static func octets(of text: String) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &octets) == 1 { return Array(octets.prefix(4)) }
    return inet_pton(AF_INET6, text, &octets) == 1 ? octets : nil
  }

  /// The octets of who is on the other side of a socket: an address of IPv4 in IPv6's form, as a
  /// socket of both families shows it, is that of IPv4.
  package static func peerOctets(of text: String) -> [UInt8]? {
    guard let octets = octets(of: text) else { return nil }
    return octets.starts(with: mapped4) && octets.count == 16 ? Array(octets.suffix(4)) : octets
  }

  /// What an address of IPv4 in IPv6's form begins with (RFC 4291, 2.5.5.2).
  private static let mapped4: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

  /// Whether 4 or 16 octets in network order are an address of the public internet.
  package static func isPublic(_ address: [UInt8]) -> Bool {
    switch address.count {
    case 4: !reserved4.contains { $0.contains(address) }
    case 16: global6.contains(address) && !reserved6.contains { $0.contains(address) }
    default: false
    }
  }
}
