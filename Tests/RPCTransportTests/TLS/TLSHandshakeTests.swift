import NIOCore
import NIOEmbedded
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("TLS handshake")
struct TLSHandshakeTests {
  @Test("negotiates TLS 1.3, the application protocol and an AES-128-GCM suite by default")
  func defaults() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    for end in [pair.client, pair.server] {
      let handshake = try #require(end.recorder.handshake)
      #expect(handshake.version == .v1_3)
      #expect(handshake.applicationProtocol == "clinic-rpc/1")
      #expect(handshake.cipherSuite == "TLS_AES_128_GCM_SHA256")
      #expect(!handshake.isResumed)
      #expect(end.recorder.errors.isEmpty)
    }
    #expect(pair.server.recorder.errors.isEmpty)
    #expect(pair.server.recorder.handshake?.peer == nil)
    #expect(pair.client.recorder.handshake?.peer?.dnsNames == ["localhost"])
    #expect(pair.client.recorder.handshake?.peer?.ipAddresses == ["127.0.0.1", "::1"])
    #expect(pair.client.recorder.handshake?.peer?.commonName == "server")
  }

  @Test("carries bytes both ways after the handshake")
  func bytes() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    pair.client.send(Array("ping".utf8))
    try pair.carry()
    pair.server.send(Array("pong".utf8))
    try pair.carry()
    #expect(pair.server.recorder.bytes == Array("ping".utf8))
    #expect(pair.client.recorder.bytes == Array("pong".utf8))
  }

  @Test("sends what was written before the handshake right after it, in order")
  func earlyWrites() throws {
    let pair = try TLSTestPair()
    try pair.client.connect()
    for byte in UInt8(0)..<10 { pair.client.send([byte]) }
    try pair.server.connect()
    try pair.carry()
    #expect(pair.server.recorder.bytes == Array(0..<10))
  }

  @Test("refuses more before the handshake than the limit, and takes exactly the limit")
  func earlyLimit() throws {
    let limits = TLSConnectionLimits(maximumPendingBytes: 1_000)
    let within = try TLSTestPair(limits: limits)
    try within.client.connect()
    within.client.send([UInt8](repeating: 1, count: 1_000))
    try within.server.connect()
    try within.carry()
    #expect(within.server.recorder.bytes.count == 1_000)

    let beyond = try TLSTestPair(limits: limits)
    try beyond.client.connect()
    let written = beyond.client.channel.writeAndFlush(ByteBuffer(repeating: 1, count: 1_001))
    #expect(beyond.client.recorder.error?.code == .bufferLimitExceeded)
    #expect(throws: TLSError.self) { try written.wait() }
    #expect(!beyond.client.channel.isActive)
  }

  @Test(
    "settles on the newest version both sides allow",
    arguments: [
      (TLSVersion.v1_2, TLSVersion.v1_2, TLSVersion.v1_3), (.v1_3, .v1_2, .v1_3),
      (.v1_2, .v1_3, .v1_3), (.v1_3, .v1_3, .v1_3)
    ])
  func versions(server: TLSVersion, client: TLSVersion, expected: TLSVersion) throws {
    let pair = try TLSTestPair(
      server: { $0.minimumVersion = server }, client: { $0.minimumVersion = client })
    try pair.handshake()
    #expect(pair.client.recorder.handshake?.version == expected)
  }

  @Test("chooses the application protocol by the server's preference")
  func applicationProtocolPreference() throws {
    let pair = try TLSTestPair(
      server: { $0.applicationProtocols = ["clinic-rpc/1", "h2"] },
      client: { $0.applicationProtocols = ["http/1.1", "h2", "clinic-rpc/1"] })
    try pair.handshake()
    #expect(pair.client.recorder.handshake?.applicationProtocol == "clinic-rpc/1")
    #expect(pair.server.recorder.handshake?.applicationProtocol == "clinic-rpc/1")
  }

  @Test("answers foreign application protocols with no_application_protocol")
  func applicationProtocolMismatch() throws {
    let pair = try TLSTestPair(client: { $0.applicationProtocols = ["http/1.1"] })
    try pair.handshake()
    #expect(pair.server.recorder.error?.code == .handshakeFailed)
    #expect(pair.client.recorder.handshake == nil)
    let error = try #require(pair.client.recorder.error)
    #expect(error.libraryErrors.contains { $0.contains("no application protocol") })
  }

  @Test("lets a client without application protocols in, unless one is required")
  func applicationProtocolAbsent() throws {
    let open = try TLSTestPair(client: { $0.applicationProtocols = [] })
    try open.handshake()
    #expect(open.server.recorder.handshake != nil)
    #expect(open.server.recorder.handshake?.applicationProtocol == nil)

    let strict = try TLSTestPair(
      server: { $0.requiresApplicationProtocol = true }, client: { $0.applicationProtocols = [] })
    try strict.handshake()
    #expect(strict.server.recorder.error?.code == .handshakeFailed)
    #expect(
      strict.client.recorder.error?.libraryErrors.contains {
        $0.contains("no application protocol")
      } == true)
  }

  @Test("a client that requires an application protocol refuses a server without")
  func clientRequiresApplicationProtocol() throws {
    let pair = try TLSTestPair(
      server: { $0.applicationProtocols = [] }, client: { $0.requiresApplicationProtocol = true })
    try pair.handshake()
    #expect(pair.client.recorder.error?.code == .handshakeFailed)
    #expect(pair.client.recorder.handshake == nil)
    #expect(!pair.client.channel.isActive)
  }

  @Test(
    "refuses application protocols that cannot be sent",
    arguments: ["", String(repeating: "a", count: 256)])
  func impossibleApplicationProtocol(name: String) {
    #expect(throws: TLSError.self) {
      try TLSClientContext(TLSClientConfiguration(applicationProtocols: [name]))
    }
  }

  @Test("ends a handshake that takes too long")
  func timeout() throws {
    let pair = try TLSTestPair(limits: TLSConnectionLimits(handshakeTimeout: .seconds(3)))
    try pair.server.connect()
    pair.loop.advanceTime(by: .milliseconds(2_999))
    #expect(pair.server.channel.isActive)
    pair.loop.advanceTime(by: .milliseconds(1))
    #expect(pair.server.recorder.error?.code == .handshakeTimedOut)
    #expect(!pair.server.channel.isActive)
  }

  @Test("the handshake's timer does not touch a connection that is through")
  func timerIsCancelled() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    pair.loop.advanceTime(by: .hours(1))
    #expect(pair.server.channel.isActive)
    #expect(pair.client.channel.isActive)
  }

  @Test("a handshake that the other side breaks off without a word is cut short, not refused")
  func brokenOff() throws {
    let pair = try TLSTestPair()
    try pair.client.connect()
    pair.client.channel.pipeline.fireChannelInactive()
    #expect(pair.client.recorder.error?.code == .truncated)
  }

  @Test("resumes the session of an earlier connection", arguments: [TLSVersion.v1_2, .v1_3])
  func resumption(version: TLSVersion) throws {
    let authority = try TLSTestAuthority()
    let server = try TLSServerContext(
      TLSServerConfiguration(credentials: authority.server().credentials))
    var configuration = TLSClientConfiguration(trust: authority.trust)
    configuration.maximumVersion = version
    let client = try TLSClientContext(configuration)
    var resumed: [Bool?] = []
    for _ in 0..<3 {
      let pair = try TLSTestPair(server: server, client: client)
      try pair.handshake()
      resumed.append(pair.client.recorder.handshake?.isResumed)
      #expect(pair.server.recorder.handshake?.isResumed == resumed.last)
    }
    #expect(resumed == [false, true, true])
    let used = try TLSTestPair(server: server, client: client)
    try used.handshake()
    #expect(used.client.recorder.handshake?.version == version)

    // Another server name never uses the ticket of this one.
    let other = try TLSTestPair(server: server, client: client, serverName: "127.0.0.1")
    try other.handshake()
    #expect(other.client.recorder.handshake?.isResumed == false)

    // A server with other keys does not know the ticket, and makes a full handshake.
    let fresh = try TLSServerContext(
      TLSServerConfiguration(credentials: authority.server().credentials))
    let elsewhere = try TLSTestPair(server: fresh, client: client)
    try elsewhere.handshake()
    #expect(elsewhere.client.recorder.handshake?.isResumed == false)
    #expect(elsewhere.client.recorder.errors.isEmpty)
  }
}
