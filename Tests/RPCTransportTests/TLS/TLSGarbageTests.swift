import NIOCore
import NIOEmbedded
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("TLS and bytes that are none")
struct TLSGarbageTests {
  static let noise: [(String, [UInt8])] = [
    ("HTTP", Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
    ("SSH", Array("SSH-2.0-OpenSSH_9.2p1 Debian\r\n".utf8)),
    ("zeros", [UInt8](repeating: 0, count: 64)),
    ("ones", [UInt8](repeating: 0xff, count: 64)),
    ("our own frames without TLS", [0, 0, 0, 5, 1, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5]),
    ("application data before a handshake", [23, 3, 3, 0, 4, 1, 2, 3, 4]),
    ("a record too long", [22, 3, 1, 0xff, 0xff] + [UInt8](repeating: 1, count: 64)),
    ("a hello that is damaged", [22, 3, 1, 0, 8, 1, 0, 0, 4, 9, 9, 9, 9]),
    ("a hello of SSL 2", [0x80, 0x2e, 0x01, 0x00, 0x02] + [UInt8](repeating: 0, count: 43))
  ]

  @Test("are answered with an alert, an error and a close", arguments: noise)
  func firstBytes(name: String, bytes: [UInt8]) throws {
    let pair = try TLSTestPair()
    try pair.server.connect()
    try pair.server.receive(bytes)
    let answer = try pair.server.takeOutput()
    #expect(answer.count == 7, "\(answer)")
    #expect(answer.first == 21, "an alert record")
    #expect(answer.dropFirst(5).first == 2, "a fatal one")
    #expect(pair.server.recorder.error?.code == .handshakeFailed)
    #expect(pair.server.recorder.errors.count == 1)
    #expect(!pair.server.channel.isActive)
  }

  @Test("a hello with random damage never crashes and never gets through", arguments: [1, 2, 3])
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let authority = try TLSTestAuthority()
    let server = try TLSServerContext(
      TLSServerConfiguration(credentials: authority.server().credentials))
    let client = try TLSClientContext(TLSClientConfiguration(trust: authority.trust))
    for _ in 0..<100 {
      let pair = try TLSTestPair(server: server, client: client)
      try pair.server.connect()
      try pair.client.connect()
      var bytes = try pair.client.takeOutput()
      // A real hello with a few bytes changed gets further than noise does.
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = UInt8.random(in: 0...255, using: &generator)
      }
      try pair.server.receive(bytes)
      _ = try pair.server.takeOutput()
      try #require(pair.server.recorder.handshake == nil, "\(bytes)")
    }
  }

  @Test("after the handshake, every changed byte of a record is noticed")
  func tampering() throws {
    let authority = try TLSTestAuthority()
    let server = try TLSServerContext(
      TLSServerConfiguration(credentials: authority.server().credentials))
    let client = try TLSClientContext(TLSClientConfiguration(trust: authority.trust))
    var place = 0
    var length = 1
    while place < length {
      let pair = try TLSTestPair(server: server, client: client)
      try pair.handshake()
      pair.client.send(Array("truth".utf8))
      var record = try pair.client.takeOutput()
      length = record.count
      record[place] ^= 1
      try pair.server.receive(record)
      // A length that grew only waits for more; whatever comes then cannot be authentic.
      if pair.server.recorder.errors.isEmpty {
        try pair.server.receive([UInt8](repeating: 0, count: 300))
      }
      try #require(pair.server.recorder.error?.code == .protocolViolation, "byte \(place)")
      try #require(pair.server.recorder.bytes.isEmpty, "byte \(place)")
      try #require(!pair.server.channel.isActive)
      try pair.client.receive(pair.server.takeOutput())
      #expect(pair.client.recorder.error?.code == .alertReceived)
      place += 1
    }
  }

  @Test("data before the damage is still delivered")
  func dataBeforeDamage() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    pair.client.send(Array("good".utf8))
    let good = try pair.client.takeOutput()
    try pair.server.receive(good + [UInt8](repeating: 0x55, count: 40))
    #expect(pair.server.recorder.bytes == Array("good".utf8))
    #expect(pair.server.recorder.error?.code == .protocolViolation)
  }

  @Test("writes after a failure are refused, not lost in silence")
  func writesAfterFailure() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    try pair.server.receive([UInt8](repeating: 0x55, count: 40))
    let write = pair.server.channel.writeAndFlush(ByteBuffer(string: "late"))
    #expect(throws: (any Error).self) { try write.wait() }
  }

  @Test("a hello after the handshake is refused")
  func secondHello() throws {
    // Another ClientHello, in plain text and out of place, is no way to begin one either.
    let pair = try TLSTestPair()
    try pair.server.connect()
    try pair.client.connect()
    let hello = try pair.client.takeOutput()
    try pair.server.receive(hello)
    try pair.client.receive(pair.server.takeOutput())
    try pair.server.receive(pair.client.takeOutput())
    try #require(pair.server.recorder.handshake != nil)
    try pair.server.receive(hello)
    #expect(pair.server.recorder.error?.code == .protocolViolation)
    #expect(!pair.server.channel.isActive)
  }
}
