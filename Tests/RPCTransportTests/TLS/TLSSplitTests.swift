import NIOCore
import NIOEmbedded
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("TLS input in pieces")
struct TLSSplitTests {
  @Test("a handshake and data arrive in pieces of any size", arguments: [1, 2, 3, 5, 7, 64, 1_000])
  func pieces(size: Int) throws {
    let pair = try TLSTestPair()
    try pair.server.connect()
    try pair.client.connect()
    try pair.carry(pieces: size)
    pair.client.send(Array("to the server".utf8))
    try pair.carry(pieces: size)
    pair.server.send(Array("to the client".utf8))
    try pair.carry(pieces: size)
    #expect(pair.server.recorder.bytes == Array("to the server".utf8))
    #expect(pair.client.recorder.bytes == Array("to the client".utf8))
    #expect(pair.server.recorder.errors.isEmpty)
    #expect(pair.client.recorder.errors.isEmpty)
  }

  @Test("the client's first flight may be cut at every byte", arguments: [TLSVersion.v1_2, .v1_3])
  func firstFlight(version: TLSVersion) throws {
    let authority = try TLSTestAuthority()
    let server = try TLSServerContext(
      TLSServerConfiguration(credentials: authority.server().credentials))
    let client = try TLSClientContext(
      TLSClientConfiguration(trust: authority.trust, minimumVersion: version))
    var cut = 1
    var length = 2
    while cut < length {
      let pair = try TLSTestPair(server: server, client: client)
      try pair.server.connect()
      try pair.client.connect()
      let flight = try pair.client.takeOutput()
      length = flight.count
      try pair.server.receive(flight[..<cut])
      try pair.server.receive(flight[cut...])
      try pair.carry()
      try #require(pair.server.recorder.handshake != nil, "cut at \(cut)")
      cut += 1
    }
    #expect(cut > 100)
  }

  @Test("the last flight of the handshake and data behind it may be cut at every byte")
  func lastFlightWithData() throws {
    let authority = try TLSTestAuthority()
    let server = try TLSServerContext(
      TLSServerConfiguration(credentials: authority.server().credentials))
    let client = try TLSClientContext(TLSClientConfiguration(trust: authority.trust))
    var cut = 1
    var length = 2
    while cut < length {
      let pair = try TLSTestPair(server: server, client: client)
      try pair.server.connect()
      try pair.client.connect()
      pair.client.send(Array("first".utf8))
      pair.client.send(Array("second".utf8))
      try pair.server.receive(pair.client.takeOutput())
      try pair.client.receive(pair.server.takeOutput())
      let flight = try pair.client.takeOutput()
      length = flight.count
      try pair.server.receive(flight[..<cut])
      try pair.server.receive(flight[cut...])
      try #require(pair.server.recorder.bytes == Array("firstsecond".utf8), "cut at \(cut)")
      cut += 1
    }
  }

  @Test("records cut at every byte give the same plaintext")
  func records() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    var expected: [UInt8] = []
    for cut in 1..<120 {
      let message = (0..<40).map { UInt8(truncatingIfNeeded: $0 &+ cut) }
      expected += message + message
      pair.client.send(message)
      pair.client.send(message)
      let records = try pair.client.takeOutput()
      let place = min(cut, records.count)
      try pair.server.receive(records[..<place])
      try pair.server.receive(records[place...])
      try #require(pair.server.recorder.bytes == expected, "cut at \(cut)")
    }
  }

  @Test(
    "a whole record is delivered even if most of it came before",
    arguments: [16_000, 16_384, 40_000])
  func longRecord(count: Int) throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    let message = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    pair.client.send(message)
    let records = try pair.client.takeOutput()
    try pair.server.receive(records.dropLast(3))
    try pair.server.receive(records.suffix(3))
    #expect(pair.server.recorder.bytes == message)
  }
}
