import Testing

@testable import RPCTransport

@Suite("PROXY headers")
struct ProxyHeaderTests {
  static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  ]

  /// A header of the second form.
  static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
    signature + [command, family, UInt8(rest.count >> 8), UInt8(rest.count & 0xFF)] + rest
  }

  static let ports: [UInt8] = [0x30, 0x39, 0x1D, 0x13]
  static let four: [UInt8] = [203, 0, 113, 9, 10, 0, 0, 1] + ports
  static let six: [UInt8] =
    [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
    + [UInt8](repeating: 0, count: 15) + [1] + ports
  static let notes: [UInt8] = [0x03, 0x00, 0x04, 1, 2, 3, 4]

  static let headers: [([UInt8], ProxyHeader)] = [
    (
      Array("PROXY TCP4 203.0.113.9 10.0.0.1 12345 7443\r\n".utf8),
      .source(address: "203.0.113.9", port: 12_345)
    ),
    (
      Array("PROXY TCP6 2001:db8:0:0::7 ::1 12345 7443\r\n".utf8),
      .source(address: "2001:db8::7", port: 12_345)
    ),
    (Array("PROXY UNKNOWN\r\n".utf8), .local),
    (Array("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n".utf8), .local),
    (binary(0x21, 0x11, four), .source(address: "203.0.113.9", port: 12_345)),
    (binary(0x21, 0x11, four + notes), .source(address: "203.0.113.9", port: 12_345)),
    (binary(0x21, 0x21, six), .source(address: "2001:db8::7", port: 12_345)),
    (binary(0x20, 0x00, []), .local), (binary(0x20, 0x11, four), .local),
    (binary(0x21, 0x00, []), .local),
    (binary(0x21, 0x31, [UInt8](repeating: 0, count: 216)), .local)
  ]

  @Test("tell whose a connection is, wherever they are cut", arguments: headers)
  func complete(bytes: [UInt8], header: ProxyHeader) {
    for length in 0..<bytes.count {
      #expect(ProxyHeaderDecoder.decode(Array(bytes.prefix(length))) == .needsMore, "\(length)")
    }
    #expect(ProxyHeaderDecoder.decode(bytes) == .header(header, length: bytes.count))
    // What follows is the connection's.
    #expect(
      ProxyHeaderDecoder.decode(bytes + [0x16, 0x03, 0x01]) == .header(header, length: bytes.count))
  }

  @Test(
    "that are none are refused as soon as it shows",
    arguments: [
      [0x16, 0x03, 0x01], Array("GET / HTTP/1.1\r\n".utf8), Array("PROXY TCP5 a b 1 2\r\n".utf8),
      Array("PROXY TCP4 203.0.113.9 10.0.0.1 12345\r\n".utf8),
      Array("PROXY TCP4 2001:db8::7 ::1 1 2\r\n".utf8),
      Array("PROXY TCP4 example.org 10.0.0.1 1 2\r\n".utf8),
      Array("PROXY TCP4 203.0.113.9 10.0.0.1 65536 1\r\n".utf8),
      Array("PROXY TCP4 203.0.113.9 10.0.0.1 1 2\n".utf8),
      Array("PROXY TCP4 ".utf8) + [UInt8](repeating: 0x31, count: 200),
      binary(0x11, 0x11, four), binary(0x22, 0x11, four), binary(0x21, 0x11, [1, 2, 3]),
      binary(0x21, 0x21, four), binary(0x21, 0x11, [UInt8](repeating: 0, count: 2_040))
    ] as [[UInt8]])
  func broken(bytes: [UInt8]) {
    #expect(ProxyHeaderDecoder.decode(bytes) == .failed)
  }

  @Test(
    "are taken from the balancers that are named, in either family",
    arguments: [
      (["10.0.0.0/8"], "10.1.2.3", true), (["10.0.0.0/8"], "11.1.2.3", false),
      (["10.0.0.0/8"], "::ffff:10.1.2.3", true), (["10.0.0.7"], "10.0.0.7", true),
      (["10.0.0.7"], "10.0.0.8", false), (["2001:db8::/32"], "2001:db8::5", true),
      (["2001:db8::/32"], "2001:db9::5", false), (["0.0.0.0/0"], "2001:db8::5", false),
      (["0.0.0.0/0", "::/0"], "2001:db8::5", true), ([], "10.0.0.7", false),
      (["10.0.0.0/8"], "local", false)
    ])
  func trusted(blocks: [String], address: String, isTrusted: Bool) throws {
    let proxies = TrustedProxies(try blocks.map { try #require(AddressBlock($0)) })
    #expect(proxies.contains(address) == isTrusted)
  }

  @Test(
    "are not asked for from what is no address",
    arguments: ["", "balancer", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/", "10.0.0/8"])
  func noBlock(text: String) {
    #expect(AddressBlock(text) == nil)
  }
}
