import ClinicClient
import Glibc
import RPCTransport
import Testing

@Suite("Verification of the server")
struct VerificationTests {
  /// Runs `body` with a server that does TLS, and the folder of its certificates.
  static func withServer<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Int, DevelopmentCertificates.Files) async throws -> Result
  ) async throws -> Result {
    let folder = "/tmp/clinic-client-test-\(UInt64.random(in: 0...UInt64.max))"
    mkdir(folder, 0o700)
    let certificates = try DevelopmentCertificates(directory: folder, hostNames: ["localhost"])
    let files = try certificates.ensure()
    defer {
      for name in ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem"] {
        unlink(folder + "/" + name)
      }
      rmdir(folder)
    }
    let provider = try TLSServerContextProvider(
      TLSServerConfiguration(
        credentials: .files(
          certificateChain: files.serverCertificate, privateKey: files.serverKey),
        applicationProtocols: ["clinic-rpc/1"]))
    return try await TestServer.with(TokenDesk(), security: .tls(provider)) { port in
      try await body(port, files)
    }
  }

  @Test("a server of the trusted authority with the right name is accepted")
  func accepted() async throws {
    try await Self.withServer { port, files in
      try await withClinicClient(
        configuration: ClinicClientConfiguration(
          servers: [ServerAddress(host: "localhost", port: port)],
          certificateAuthority: .file(files.caCertificate))
      ) { client in
        _ = try await client.login(
          company: "demo", email: "a@b.example", password: "correct horse")
      }
    }
  }

  @Test("a server of another authority is refused")
  func wrongAuthority() async throws {
    try await Self.withServer { port, _ in
      try await Self.expectRefusal(
        ClinicClientConfiguration(
          servers: [ServerAddress(host: "localhost", port: port)], certificateAuthority: .system,
          attempts: 1))
    }
  }

  @Test("a server with another name is refused")
  func wrongName() async throws {
    try await Self.withServer { port, files in
      var configuration = ClinicClientConfiguration(
        servers: [ServerAddress(host: "localhost", port: port)],
        certificateAuthority: .file(files.caCertificate), attempts: 1)
      configuration.serverName = "clinic.example"
      try await Self.expectRefusal(configuration)
    }
  }

  private static func expectRefusal(_ configuration: ClinicClientConfiguration) async throws {
    let error = await #expect(throws: RPCError.self) {
      try await withClinicClient(configuration: configuration) { client in
        _ = try await client.login(
          company: "demo", email: "a@b.example", password: "correct horse",
          options: CallOptions(timeout: .seconds(20)))
      }
    }
    #expect(error?.code == .unavailable)
  }

  @Test("a file of certificates that is not there is named at once")
  func missingFile() {
    #expect(throws: ClinicClientError.self) {
      try ClinicClient(
        configuration: ClinicClientConfiguration(
          servers: [ServerAddress(host: "localhost", port: 1)],
          certificateAuthority: .file("/nonexistent/ca.pem")))
    }
  }

  @Test(
    "addresses are read and written",
    arguments: [
      ("localhost:7443", "localhost:7443"), ("10.0.0.1:1", "10.0.0.1:1"),
      ("[::1]:65535", "[::1]:65535"),
      ("::1:80", nil), ("localhost", nil), ("localhost:0", nil), (":80", nil), ("a b:80", nil),
      ("https://x:80", nil)
    ] as [(String, String?)])
  func addresses(_ text: String, _ expected: String?) {
    #expect(ServerAddress(text)?.description == expected)
  }
}
