import FixtureContracts
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Calls over TLS", .timeLimit(.minutes(1)))
struct TLSCallTests {
  private let authority: TLSTestAuthority
  private let provider: TLSServerContextProvider

  init() throws {
    authority = try TLSTestAuthority()
    provider = try TLSServerContextProvider(
      TLSServerConfiguration(
        credentials: try authority.server().credentials, applicationProtocols: ["clinic-rpc/1"],
        clientCertificates: .optional(authority.trust)))
  }

  private func client(_ credentials: TLSCredentials? = nil) throws -> ClientSecurity {
    .tls(
      try TLSClientContext(
        TLSClientConfiguration(
          trust: authority.trust, applicationProtocols: ["clinic-rpc/1"], credentials: credentials))
    )
  }

  @Test("every kind of call works")
  func kinds() async throws {
    let security = try client()
    try await TestServer.run(security: .tls(provider)) { server in
      try await server.withClient(security: security) { client, _ in
        #expect(try await client.echo(EchoRequest(text: "a")).text == "a")
        let payload = [UInt8](repeating: 3, count: 20_000)
        let count = try await client.expand(EchoRequest(payload: payload, count: 200)) {
          var count = 0
          for try await reply in $0 { count += reply.payload.count }
          return count
        }
        #expect(count == 200 * 20_000)
        let collected = try await client.collect { writer in
          for _ in 0..<200 { try await writer.write(EchoRequest(text: "x", payload: payload)) }
        }
        #expect(collected.index == 200)
      }
    }
  }

  @Test("the handler knows who the caller's certificate says it is")
  func identity() async throws {
    let security = try client(authority.client("lab-gateway").credentials)
    let recorder = IdentityRecorder()
    try await TestServer.run(security: .tls(provider), interceptors: [recorder]) { server in
      try await server.withClient(security: security) { client, _ in
        _ = try await client.echo(EchoRequest())
      }
    }
    #expect(recorder.identities.map { $0?.commonName } == ["lab-gateway"])
    #expect(recorder.identities.first??.fingerprint.count == 64)
  }

  @Test("a server whose certificate nobody vouches for is not called")
  func untrusted() async throws {
    let stranger = try TLSTestAuthority("Another CA")
    let security = ClientSecurity.tls(
      try TLSClientContext(
        TLSClientConfiguration(trust: stranger.trust, applicationProtocols: ["clinic-rpc/1"])))
    try await TestServer.run(security: .tls(provider)) { server in
      let error = await #expect(throws: RPCError.self) {
        try await server.connect(security: security)
      }
      #expect(error?.code == .unavailable)
    }
  }

  @Test("a connection that does not finish its handshake is closed")
  func handshakeTimeout() async throws {
    let limits = ServerLimits(handshakeTimeout: .milliseconds(100))
    try await TestServer.run(limits: limits, security: .tls(provider)) { server in
      try await server.withSocket { socket in
        while try await socket.nextBytes() != nil {}
      }
      try await eventually { server.server.connectionCount == 0 }
    }
  }

  @Test("draining reaches connections over TLS")
  func drains() async throws {
    let security = try client()
    try await TestServer.run(security: .tls(provider)) { server in
      let connection = try await server.connect(security: security)
      let client = EchoService.Client(channel: connection)
      let reply = Task { try await client.echo(EchoRequest(text: "late", delayMs: 200)) }
      try await eventually { server.handler.noted { $0.started == 1 } }
      await server.server.drain()
      #expect(try await reply.value.text == "late")
      #expect(!connection.isUsable)
    }
  }
}
