/// The balancers that stand before a server. Each connection of theirs begins with a header of the
/// PROXY protocol that tells who it is for; nobody else's word about that is taken.
public struct TrustedProxies: Sendable, Hashable {
  /// Nobody: every connection is its own.
  public static let none = TrustedProxies([])

  private let blocks: [AddressBlock]

  /// Makes a list of the addresses that balancers connect from.
  public init(_ blocks: [AddressBlock]) { self.blocks = blocks }

  /// Whether the address of a connection's other side is a balancer's.
  func contains(_ address: String) -> Bool {
    guard !blocks.isEmpty, let octets = InternetAddress.peerOctets(of: address) else {
      return false
    }
    return blocks.contains { $0.contains(octets) }
  }
}
