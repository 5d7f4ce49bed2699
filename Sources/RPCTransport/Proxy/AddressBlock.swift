/// A block of addresses: those that begin with the first bits of some octets.
public struct AddressBlock: Sendable, Hashable {
  private let octets: [UInt8]
  private let length: Int
  /// How many octets its addresses have, where that does not follow from who asks.
  private let width: Int?

  init(_ octets: [UInt8], _ length: Int) {
    self.octets = octets
    self.length = length
    self.width = nil
  }

  /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address. Nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let octets = InternetAddress.octets(of: String(parts[0])) else { return nil }
    let bits = octets.count * 8
    guard let length = parts.count == 1 ? bits : Int(parts[1]), (0...bits).contains(length)
    else { return nil }
    self.octets = octets
    self.length = length
    self.width = octets.count
  }

  /// Whether 4 or 16 octets in network order are one of them.
  func contains(_ address: [UInt8]) -> Bool {
    guard width == nil || width == address.count else { return false }
    return (0..<length).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      let octet = bit / 8 < octets.count ? octets[bit / 8] : 0
      return octet & mask == address[bit / 8] & mask
    }
  }
}
