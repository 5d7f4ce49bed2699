import FixtureContracts
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Connections through a balancer", .timeLimit(.minutes(1)))
struct ProxiedConnectionTests {
  private let proxies = TrustedProxies([AddressBlock("127.0.0.1")!])

  private func whoAmI(_ connection: ClientConnection) async throws -> String {
    let reply = try await EchoService.Client(channel: connection).echo(EchoRequest(text: "who am I"))
    return String(reply.text.prefix { $0 != " " })
  }

  @Test("are those of whom its header names, over TLS too", arguments: [false, true])
  func source(isTLS: Bool) async throws {
    let authority = try TLSTestAuthority()
    let provider = try TLSServerContextProvider(
      TLSServerConfiguration(
        credentials: try authority.server().credentials, applicationProtocols: ["clinic-rpc/1"]))
    let client = try TLSClientContext(
      TLSClientConfiguration(trust: authority.trust, applicationProtocols: ["clinic-rpc/1"]))
    let security: ServerSecurity = isTLS ? .tls(provider) : .plaintext
    try await TestServer.run(security: security, proxies: proxies) { server in
      for (header, expected) in ProxyHeaderTests.headers {
        try await TestBalancer.run(before: server.port, header: header) { port in
          let connection = try await TestServer.connect(
            to: port, security: isTLS ? .tls(client) : .plaintext)
          if case .source(let address, _) = expected {
            #expect(try await whoAmI(connection) == address)
          } else {
            #expect(try await whoAmI(connection) == "127.0.0.1")
          }
          await connection.close()
        }
      }
    }
  }

  @Test("count for whom it names, not for the balancer")
  func limits() async throws {
    let limits = ServerLimits(connectionsPerAddress: 1)
    @Sendable func header(_ last: UInt8) -> [UInt8] {
      Array("PROXY TCP4 203.0.113.\(last) 10.0.0.1 1 2\r\n".utf8)
    }
    try await TestServer.run(limits: limits, proxies: proxies) { server in
      try await server.withSocket(greeting: header(1)) { _ in
        try await server.withSocket(greeting: header(2)) { _ in
          try await eventually { server.server.connectionCount == 2 }
          let refused = try await server.withSocket(greeting: header(1)) { try await $0.rest() }
          #expect(refused == [])
        }
      }
      try await eventually { server.server.connectionCount == 0 }
      try await server.withSocket(greeting: header(1)) { _ in
        try await eventually { server.server.connectionCount == 1 }
      }
    }
  }

  @Test("end where it sends no header, or none in time")
  func noHeader() async throws {
    let limits = ServerLimits(handshakeTimeout: .milliseconds(200))
    try await TestServer.run(limits: limits, proxies: proxies) { server in
      for greeting in [[0x00, 0x00], Array("PROXY T".utf8), []] as [[UInt8]] {
        let answer = try await server.withSocket(greeting: greeting) { try await $0.rest() }
        #expect(answer == [])
      }
    }
  }

  @Test("are nobody else's: a header of a stranger is garbage")
  func stranger() async throws {
    try await TestServer.run { server in
      let header = Array("PROXY TCP4 203.0.113.9 10.0.0.1 1 2\r\n".utf8)
      let answer = try await server.withSocket(greeting: header) { try await $0.rest() }
      #expect(answer.last?.header.kind != .status)
      try await eventually { server.server.connectionCount == 0 }
    }
  }
}
