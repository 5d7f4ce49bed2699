import Foundation
import NIOCore
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("TLS with the openssl command", .enabled(if: OpenSSLCommand.path != nil))
struct TLSInteropTests {
  private let folder: TLSTestFolder
  private let authority: TLSTestAuthority
  private let caPath: String

  init() throws {
    self.folder = try TLSTestFolder()
    self.authority = try TLSTestAuthority()
    self.caPath = try self.folder.write("ca.pem", self.authority.pem)
  }

  private func serve(
    observer: TLSObserver = TLSObserver(),
    _ change: (inout TLSServerConfiguration) -> Void = { _ in }
  ) async throws -> any Channel {
    var configuration = TLSServerConfiguration(
      credentials: try self.authority.server().credentials, applicationProtocols: ["clinic-rpc/1"])
    change(&configuration)
    return try await TLSTestSockets.serve(
      TLSServerContextProvider(configuration), observer: observer)
  }

  private func withClient(
    _ port: Int, _ arguments: [String], _ body: (OpenSSLCommand) async throws -> Void
  ) async throws {
    try await OpenSSLCommand.with(
      [
        "s_client", "-connect", "127.0.0.1:\(port)", "-servername", "localhost", "-CAfile",
        self.caPath, "-verify_return_error", "-verify_hostname", "localhost"
      ] + arguments, body)
  }

  @Test(
    "its client verifies our certificate, agrees on ALPN and exchanges data",
    arguments: [
      (["-tls1_3"], "TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384"),
      (
        ["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
        "TLSv1.3, Cipher is TLS_CHACHA20_POLY1305_SHA256"
      ),
      (["-tls1_3", "-groups", "P-256"], "Server Temp Key: ECDH, prime256v1"),
      (["-tls1_3", "-groups", "P-384"], "Server Temp Key: ECDH, secp384r1"),
      (["-tls1_3", "-groups", "P-521:X25519"], "Server Temp Key: X25519"),
      (["-tls1_2"], "TLSv1.2, Cipher is ECDHE-ECDSA-"),
      (
        ["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"],
        "TLSv1.2, Cipher is ECDHE-ECDSA-CHACHA20-POLY1305"
      )
    ])
  func stockClient(arguments: [String], expected: String) async throws {
    let server = try await self.serve()
    try await self.withClient(server.port, arguments + ["-alpn", "h2,clinic-rpc/1"]) { client in
      client.send("hello from outside\n")
      // Printed by the session, then again by the echo.
      let output = try await client.wait(for: "hello from outside\n")
      #expect(output.contains(expected))
      #expect(output.contains("ALPN protocol: clinic-rpc/1"))
      #expect(output.contains("Verification: OK"))
      #expect(
        output.contains("Secure Renegotiation IS NOT supported") || !arguments.contains("-tls1_3"))
      #expect(output.contains("Compression: NONE"))
      client.quit()
      let status = try await client.waitForEnd()
      #expect(status == 0)
    }
    try await server.close().get()
  }

  /// What a client of another policy offers, and what our server says about it.
  struct Refusal: Sendable, CustomTestStringConvertible {
    var key = "P-256"
    var arguments: [String]
    var reason: String
    var testDescription: String { "\(self.key): \(self.arguments.joined(separator: " "))" }
  }

  static let refusals = [
    Refusal(arguments: ["-tls1", "-cipher", "ALL:@SECLEVEL=0"], reason: "unsupported protocol"),
    Refusal(arguments: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], reason: "unsupported protocol"),
    Refusal(arguments: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], reason: noCipher),
    Refusal(arguments: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA"], reason: noCipher),
    Refusal(arguments: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM"], reason: noCipher),
    Refusal(
      arguments: ["-tls1_2", "-cipher", "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"], reason: noCipher),
    Refusal(arguments: ["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"], reason: noCipher),
    // Suites for RSA keys, each of which the key of this server would allow.
    Refusal(key: "RSA", arguments: ["-tls1_2", "-cipher", "AES128-GCM-SHA256"], reason: noCipher),
    Refusal(
      key: "RSA", arguments: ["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"], reason: noCipher),
    Refusal(
      key: "RSA", arguments: ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"], reason: noCipher),
    Refusal(
      key: "RSA", arguments: ["-tls1_2", "-cipher", "ALL:@SECLEVEL=0", "-sigalgs", "RSA+SHA1"],
      reason: "no shared signature algorithms"),
    Refusal(arguments: ["-tls1_3", "-groups", "P-521"], reason: "no suitable key share"),
    Refusal(arguments: ["-tls1_3", "-groups", "X448"], reason: "no suitable key share"),
    Refusal(arguments: ["-tls1_3", "-groups", "ffdhe2048"], reason: "no suitable key share"),
    // A key that no signature algorithm of ours fits leaves nothing of TLS 1.3.
    Refusal(key: "P-521", arguments: ["-tls1_3"], reason: "unsupported protocol")
  ]
  private static let noCipher = "no shared cipher"

  /// A certificate of some kind of key, which the command signs itself.
  private func credentials(key: String) async throws -> TLSCredentials {
    let paths = ("\(self.folder.path)/\(key).pem", "\(self.folder.path)/\(key)-key.pem")
    let algorithm =
      key == "RSA" ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:\(key)"]
    try await OpenSSLCommand.with(
      ["req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-out", paths.0]
        + ["-keyout", paths.1, "-newkey"] + algorithm
    ) { command in
      let status = try await command.waitForEnd()
      try #require(status == 0, "\(command.output)")
    }
    return .files(certificateChain: paths.0, privateKey: paths.1)
  }

  @Test("what is older or weaker than the policy is refused, for that reason", arguments: refusals)
  func refused(_ refusal: Refusal) async throws {
    let credentials = try await self.credentials(key: refusal.key)
    let observer = TLSObserver()
    let server = try await self.serve(observer: observer) { $0.credentials = credentials }
    try await OpenSSLCommand.with(
      ["s_client", "-connect", "127.0.0.1:\(server.port)"] + refusal.arguments
    ) { client in
      let status = try await client.waitForEnd()
      #expect(status != 0)
      #expect(client.output.contains("alert"), "it was told, and did not refuse by itself")
    }
    let state = try await observer.wait("the refusal") { !$0.errors.isEmpty }
    #expect(state.handshake == nil)
    #expect(state.errors.first?.libraryErrors == [refusal.reason])
    try await server.close().get()
  }

  @Test(
    "with an RSA key, the suites of the policy work",
    arguments: [
      ["-tls1_3"], ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"],
      ["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"],
      ["-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"]
    ])
  func rsa(arguments: [String]) async throws {
    let credentials = try await self.credentials(key: "RSA")
    let server = try await self.serve { $0.credentials = credentials }
    try await OpenSSLCommand.with(
      ["s_client", "-connect", "127.0.0.1:\(server.port)"] + arguments
    ) { client in
      client.send("through\n")
      try await client.wait(for: "through\n")
    }
    try await server.close().get()
  }

  @Test("a server for TLS 1.3 only refuses 1.2")
  func onlyNewest() async throws {
    let server = try await self.serve { $0.minimumVersion = .v1_3 }
    try await self.withClient(server.port, ["-tls1_2"]) { client in
      let status = try await client.waitForEnd()
      #expect(status != 0)
      #expect(client.output.contains("protocol version"))
    }
    try await server.close().get()
  }

  @Test("foreign application protocols get the alert no_application_protocol")
  func applicationProtocol() async throws {
    let server = try await self.serve()
    try await self.withClient(server.port, ["-alpn", "http/1.1"]) { client in
      let status = try await client.waitForEnd()
      #expect(status != 0)
      #expect(client.output.contains("no application protocol"))
    }
    try await server.close().get()
  }

  @Test(
    "its client is asked for a certificate, and its identity is ours to see",
    arguments: ["-tls1_2", "-tls1_3"])
  func clientCertificate(version: String) async throws {
    let observer = TLSObserver()
    let server = try await self.serve(observer: observer) {
      $0.clientCertificates = .required(self.authority.trust)
    }
    try await self.withClient(server.port, [version]) { without in
      let status = try await without.waitForEnd()
      #expect(status != 0)
      #expect(
        without.output.contains("certificate required")
          || without.output.contains("handshake failure"))
      #expect(observer.current.handshake == nil)
    }

    let identity = try self.authority.client("partner")
    try await self.withClient(
      server.port,
      [
        version, "-cert", try self.folder.write("client.pem", identity.chain), "-key",
        try self.folder.write("client-key.pem", identity.key)
      ]
    ) { with in
      with.send("let me in\n")
      try await with.wait(for: "let me in\n")
      #expect(observer.current.handshake?.peer?.commonName == "partner")
      #expect(with.output.contains("CN = Test CA"), "the acceptable authorities are listed")
    }
    try await server.close().get()
  }

  @Test("its client resumes with our ticket", arguments: ["-tls1_2", "-tls1_3"])
  func resumption(version: String) async throws {
    let observer = TLSObserver()
    let server = try await self.serve(observer: observer)
    let ticket = "\(self.folder.path)/ticket.pem"
    for (option, isResumed) in [("-sess_out", false), ("-sess_in", true)] {
      try await self.withClient(server.port, [version, option, ticket]) { client in
        client.send("again\n")
        try await client.wait(for: "again\n")
        client.quit()
        try await client.waitForEnd()
        #expect(observer.current.handshake?.isResumed == isResumed)
      }
    }
    try await server.close().get()
  }

  @Test("its key update is answered and data goes on", arguments: ["k", "K"])
  func keyUpdate(command: String) async throws {
    let server = try await self.serve()
    try await self.withClient(server.port, ["-tls1_3"]) { client in
      client.send("before\n")
      try await client.wait(for: "before\n")
      client.send("\(command)\n")
      try await client.wait(for: "KEYUPDATE")
      client.send("after\n")
      try await client.wait(for: "after\n")
    }
    try await server.close().get()
  }

  @Test("renegotiation is refused in TLS 1.2")
  func renegotiation() async throws {
    let observer = TLSObserver()
    let server = try await self.serve(observer: observer)
    try await self.withClient(server.port, ["-tls1_2"]) { client in
      client.send("before\n")
      try await client.wait(for: "before\n")
      client.send("R\n")
      try await client.wait(for: "RENEGOTIATING")
      let status = try await client.waitForEnd()
      #expect(status != 0)
    }
    try await server.close().get()
  }

  // MARK: Our client, its server

  private func withStockServer(
    _ arguments: [String], _ body: (OpenSSLCommand, Int) async throws -> Void
  ) async throws {
    let identity = try self.authority.server()
    let files = (
      try self.folder.write("server.pem", identity.chain),
      try self.folder.write("server-key.pem", identity.key)
    )
    try await OpenSSLCommand.with(
      ["s_server", "-accept", "127.0.0.1:0", "-cert", files.0, "-key", files.1] + arguments
    ) { server in
      let output = try await server.wait(for: "ACCEPT 127.0.0.1:")
      let text = output.components(separatedBy: "ACCEPT 127.0.0.1:").last ?? ""
      try await body(server, try #require(Int(text.prefix { $0.isNumber })))
    }
  }

  @Test(
    "our client talks to its server",
    arguments: [
      (["-tls1_3", "-alpn", "clinic-rpc/1"], TLSVersion.v1_3, "TLS_AES_128_GCM_SHA256"),
      (["-tls1_2", "-alpn", "clinic-rpc/1"], .v1_2, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    ])
  func ourClient(arguments: [String], version: TLSVersion, suite: String) async throws {
    try await self.withStockServer(arguments) { server, port in
      let observer = TLSObserver()
      let channel = try await TLSTestSockets.connect(
        TLSClientContext(
          TLSClientConfiguration(
            trust: self.authority.trust, applicationProtocols: ["h2", "clinic-rpc/1"])),
        port: port, observer: observer)
      let handshake = try await observer.wait("the handshake") { $0.handshake != nil }.handshake
      #expect(handshake?.version == version)
      #expect(handshake?.cipherSuite == suite)
      #expect(handshake?.applicationProtocol == "clinic-rpc/1")
      try await channel.send(Array("to a stranger\n".utf8))
      try await server.wait(for: "to a stranger")
      server.send("and back\n")
      try await observer.wait("the answer") { $0.bytes == Array("and back\n".utf8) }
      server.quit()
      let state = try await observer.wait("the end") { $0.isInactive }
      // On Q it closes its socket without a goodbye, and that does not go unnoticed.
      #expect(state.errors.map(\.code) == [.truncated])
    }
  }

  @Test("our client presents its certificate to its server")
  func ourClientCertificate() async throws {
    try await self.withStockServer(["-Verify", "1", "-CAfile", self.caPath]) { server, port in
      let observer = TLSObserver()
      let identity = try self.authority.client("our-client")
      let channel = try await TLSTestSockets.connect(
        TLSClientContext(
          TLSClientConfiguration(trust: self.authority.trust, credentials: identity.credentials)),
        port: port, observer: observer)
      try await channel.send(Array("it is me\n".utf8))
      let output = try await server.wait(for: "it is me")
      #expect(output.contains("CN = our-client"))
      try await channel.close().get()
    }
  }

  @Test(
    "our client and a server that is too old find no agreement", arguments: ["-tls1", "-tls1_1"])
  func oldServer(version: String) async throws {
    try await self.withStockServer([version, "-cipher", "ALL:@SECLEVEL=0"]) { _, port in
      let observer = TLSObserver()
      _ = try await TLSTestSockets.connect(
        TLSClientContext(TLSClientConfiguration(trust: self.authority.trust)), port: port,
        observer: observer)
      let state = try await observer.wait("the end") { $0.isInactive }
      #expect(state.handshake == nil)
      #expect(state.errors.first?.code == .alertReceived, "its own: our hello is too new for it")
    }
  }
}
