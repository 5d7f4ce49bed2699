import NIOEmbedded
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("TLS certificates")
struct TLSCertificateTests {
  /// A way in which a server's certificate is not good enough, and what the client says about it.
  struct BadServer: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var expected: String
    var make: @Sendable (TLSTestAuthority) throws -> TLSCredentials
  }

  static let badServers = [
    BadServer(testDescription: "another host name", expected: "hostname mismatch") {
      try $0.server(dnsNames: ["other.example"], ipAddresses: []).credentials
    },
    BadServer(testDescription: "no name at all", expected: "hostname mismatch") {
      try $0.server(dnsNames: [], ipAddresses: []).credentials
    },
    BadServer(testDescription: "expired", expected: "expired") {
      try $0.server(validFrom: -7_200, validUntil: -60).credentials
    },
    BadServer(testDescription: "not valid yet", expected: "not yet valid") {
      try $0.server(validFrom: 600, validUntil: 3_600).credentials
    },
    BadServer(testDescription: "unknown authority", expected: "unable to get local issuer") { _ in
      try TLSTestAuthority("Somebody else").server().credentials
    },
    BadServer(testDescription: "self-signed", expected: "self-signed certificate") { _ in
      try TLSTestAuthority.selfSigned().credentials
    },
    BadServer(testDescription: "a client's certificate", expected: "unsuitable certificate purpose")
    {
      try $0.client("localhost", dnsNames: ["localhost"]).credentials
    }
  ]

  @Test("a client refuses a server certificate that is not in order", arguments: badServers)
  func badServer(_ bad: BadServer) throws {
    let authority = try TLSTestAuthority()
    let pair = try TLSTestPair(
      authority: authority, server: { $0.credentials = try bad.make(authority) })
    try pair.handshake()
    let error = try #require(pair.client.recorder.error)
    #expect(error.code == .peerCertificateRejected)
    #expect(error.message.contains(bad.expected), "\(error)")
    #expect(pair.client.recorder.handshake == nil)
    #expect(!pair.client.channel.isActive)
    // The server learns of it through an alert.
    #expect(pair.server.recorder.error?.code == .alertReceived)
  }

  @Test(
    "a client accepts every name the certificate holds, and only those",
    arguments: [
      ("localhost", true), ("LOCALHOST", true), ("localhost.", true), ("127.0.0.1", true),
      ("::1", true), ("0:0:0:0:0:0:0:1", true), ("rpc.clinic.example", true),
      ("a.b.clinic.example", false), ("clinic.example", false), ("127.0.0.2", false),
      ("::2", false), ("server", false)
    ])
  func names(name: String, isAccepted: Bool) throws {
    let authority = try TLSTestAuthority()
    let pair = try TLSTestPair(
      authority: authority, serverName: name,
      server: {
        $0.credentials = try authority.server(dnsNames: ["localhost", "*.clinic.example"])
          .credentials
      })
    try pair.handshake()
    #expect((pair.client.recorder.handshake != nil) == isAccepted)
    if !isAccepted { #expect(pair.client.recorder.error?.code == .peerCertificateRejected) }
  }

  @Test(
    "a server name that cannot be one is refused",
    arguments: ["", ".", "a\0b", String(repeating: "a", count: 300)])
  func impossibleName(name: String) throws {
    let context = try TLSClientContext(TLSClientConfiguration(trust: TLSTestAuthority().trust))
    #expect(throws: TLSError.self) { try TLSClientHandler(context: context, serverName: name) }
  }

  @Test("verifies a client certificate and hands its identity on", arguments: [true, false])
  func clientCertificate(isRequired: Bool) throws {
    let authority = try TLSTestAuthority()
    let identity = try authority.client("billing", dnsNames: ["billing.internal"])
    let pair = try TLSTestPair(
      authority: authority,
      server: {
        $0.clientCertificates =
          isRequired ? .required(authority.trust) : .optional(authority.trust)
      },
      client: { $0.credentials = identity.credentials })
    try pair.handshake()
    let peer = try #require(pair.server.recorder.handshake?.peer)
    #expect(peer.subject == "CN=billing")
    #expect(peer.commonName == "billing")
    #expect(peer.dnsNames == ["billing.internal"])
    #expect(peer.fingerprint == identity.certificate.fingerprint)
    #expect(peer.fingerprint.count == 64)
    #expect(abs(peer.notAfter - (TLSTestAuthority.now + 3_600)) < 60)
  }

  @Test("a resumed session still knows the client's certificate")
  func resumedClientCertificate() throws {
    let authority = try TLSTestAuthority()
    let server = try TLSServerContext(
      TLSServerConfiguration(
        credentials: authority.server().credentials, clientCertificates: .required(authority.trust))
    )
    let client = try TLSClientContext(
      TLSClientConfiguration(
        trust: authority.trust, credentials: authority.client("billing").credentials))
    for isResumed in [false, true] {
      let pair = try TLSTestPair(server: server, client: client)
      try pair.handshake()
      #expect(pair.server.recorder.handshake?.isResumed == isResumed)
      #expect(pair.server.recorder.handshake?.peer?.commonName == "billing")
    }
  }

  /// What a client presents to a server that asks for a certificate.
  enum Presented: String, CaseIterable {
    case nothing, foreign, expired, serverCertificate
  }

  @Test(
    "a server that requires client certificates refuses a bad one or none",
    arguments: Presented.allCases)
  func badClient(_ presented: Presented) throws {
    let authority = try TLSTestAuthority()
    let pair = try TLSTestPair(
      authority: authority,
      server: { $0.clientCertificates = .required(authority.trust) },
      client: {
        switch presented {
        case .nothing: break
        case .foreign: $0.credentials = try TLSTestAuthority("Foreign").client().credentials
        case .expired: $0.credentials = try authority.client(validUntil: -60).credentials
        case .serverCertificate: $0.credentials = try authority.server().credentials
        }
      })
    try pair.handshake()
    #expect(pair.server.recorder.handshake == nil)
    let error = try #require(pair.server.recorder.error)
    #expect(error.code == .peerCertificateRejected)
    #expect(!pair.server.channel.isActive)
    // In TLS 1.3 the client is through before the server has looked at its certificate.
    #expect(pair.client.recorder.handshake != nil)
    #expect(pair.client.recorder.error?.code == .alertReceived)
  }

  @Test("a server that makes them optional takes none, but no bad one")
  func optionalClientCertificate() throws {
    let authority = try TLSTestAuthority()
    let without = try TLSTestPair(
      authority: authority, server: { $0.clientCertificates = .optional(authority.trust) })
    try without.handshake()
    #expect(without.server.recorder.handshake != nil)
    #expect(without.server.recorder.handshake?.peer == nil)

    let bad = try TLSTestPair(
      authority: authority, server: { $0.clientCertificates = .optional(authority.trust) },
      client: { $0.credentials = try TLSTestAuthority("Foreign").client().credentials })
    try bad.handshake()
    #expect(bad.server.recorder.error?.code == .peerCertificateRejected)
  }
}
