import ClinicClient
import ClinicContracts
import ClinicServer
import Crypto
import Foundation
import ProtobufRuntime
import RPCCore
import RPCTransport
import Subprocess
import TestSupport
import Testing

/// Service accounts that are bound to client certificates, over real TLS to a server that asks for
/// one: with the framed protocol, and with gRPC by curl.
@Suite("Binding to client certificates")
struct CertificateBindingTests {
  /// A client certificate in files, and its thumbprint as anybody calculates it.
  struct Certificate: Sendable {
    let files: DevelopmentCertificates.ClientFiles
    let thumbprint: String

    init(_ files: DevelopmentCertificates.ClientFiles) throws {
      self.files = files
      let lines = try String(contentsOfFile: files.certificate, encoding: .utf8)
        .split(separator: "\n")
      let begin = try #require(lines.firstIndex(of: "-----BEGIN CERTIFICATE-----"))
      let end = try #require(lines.firstIndex(of: "-----END CERTIFICATE-----"))
      let der = try #require(Data(base64Encoded: lines[(begin + 1)..<end].joined()))
      thumbprint = Data(SHA256.hash(data: der)).base64EncodedString()
        .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
  }

  /// A server that asks for client certificates, and two that it trusts.
  struct Place: Sendable {
    let server: ClinicTestServer.Running
    let certificates: [Certificate]

    /// A client with a key or a token, and one of the certificates or none.
    func client(_ key: String, _ certificate: Int?) throws -> ClinicClient {
      let files = certificate.map { certificates[$0].files }
      return try ClinicClient(
        configuration: ClinicClientConfiguration(
          servers: [ServerAddress(host: "127.0.0.1", port: server.port)],
          certificateAuthority: .file(server.certificateAuthority),
          clientCertificate: files.map {
            .init(certificateChain: $0.certificate, privateKey: $0.privateKey)
          }, apiKey: key, connections: 1))
    }

    func token(_ key: String, _ certificate: Int?) async throws -> String {
      try await client(key, certificate).auth.issueToken(IssueTokenRequest(clientSecret: key))
        .accessToken
    }

    /// The reason that a call of GetCaller is refused for; nil where it is not.
    func refusal(_ key: String, _ certificate: Int?) async throws -> String? {
      let client = try client(key, certificate)
      let error = await failure { _ = try await client.auth.getCaller(GetCallerRequest()) }
      await client.close()
      if let error { #expect(error.code == .unauthenticated) }
      return error.map { $0.reason ?? "" }
    }

    /// The status of the same call over gRPC.
    func status(_ key: String, _ certificate: Int?) async throws -> Int? {
      var arguments = [
        "--silent", "--http2", "--cacert", server.certificateAuthority, "--dump-header", "-",
        "--output", "/dev/null", "-H", "content-type: application/grpc", "-H", "te: trailers",
        "-H", "authorization: Bearer \(key)", "--data-binary", "@-"
      ]
      if let files = certificate.map({ certificates[$0].files }) {
        arguments += ["--cert", files.certificate, "--key", files.privateKey]
      }
      arguments.append("https://127.0.0.1:\(server.port)/clinic.v1.AuthService/GetCaller")
      // An empty message: not compressed, no bytes.
      let result = try await run(
        .name("curl"), arguments: Arguments(arguments), input: .array([0, 0, 0, 0, 0] as [UInt8]),
        output: .string(limit: 100_000), error: .discarded)
      let status = result.standardOutput.lowercased().firstMatch(of: /grpc-status: (\d+)/)
      return status.flatMap { Int($0.1) }
    }
  }

  private static func withPlace(_ body: @Sendable (Place) async throws -> Void) async throws {
    let folder = try TemporaryFolder("clients")
    let authority = try DevelopmentCertificates(directory: folder.path)
    let files = try authority.ensure()
    let certificates = try ["lab", "thief"].map {
      try Certificate(authority.clientCertificate(commonName: $0))
    }
    try await ReplicaServer.with {
      $0.clientAuthorities = files.caCertificate
    } _: { server in
      try await body(Place(server: server, certificates: certificates))
    }
    withExtendedLifetime(folder) {}
  }

  @Test("lets a bound key and its tokens work with that certificate alone, framed and over gRPC")
  func matrix() async throws {
    let clinic = try await TestClinic.make()
    try await Self.withPlace { place in
      let bound = try await clinic.service(
        permissions: ["patients.read"], thumbprints: [place.certificates[0].thumbprint])
      let free = try await clinic.service(permissions: ["patients.read"])
      let boundToken = try await place.token(bound.text, 0)
      let freeToken = try await place.token(free.text, 1)
      for (name, credential, allowed) in [
        ("bound key", bound.text, [0]), ("bound token", boundToken, [0]),
        ("free key", free.text, [nil, 0, 1]), ("free token", freeToken, [nil, 0, 1])
      ] as [(String, String, [Int?])] {
        for certificate in [nil, 0, 1] as [Int?] {
          let isAllowed = allowed.contains(certificate)
          let what = "\(name) with \(certificate.map { "certificate \($0)" } ?? "none")"
          let reason = try await place.refusal(credential, certificate)
          #expect(reason == (isAllowed ? nil : "CERTIFICATE_MISMATCH"), "\(what)")
          let status = try await place.status(credential, certificate)
          #expect(status == (isAllowed ? 0 : 16), "\(what) over gRPC")
        }
      }
      // No token is to be had with another certificate, and a server that asks for none gives none.
      for certificate in [nil, 1] as [Int?] {
        let error = await failure { _ = try await place.token(bound.text, certificate) }
        #expect(error?.code == .unauthenticated && error?.reason == "CERTIFICATE_MISMATCH")
      }
      let elsewhere = await failure {
        _ = try await bound.client.auth.getCaller(GetCallerRequest())
      }
      #expect(elsewhere?.reason == "CERTIFICATE_MISMATCH")
    }
  }

  @Test("to two certificates takes either with the key, and a token's own with the token")
  func two() async throws {
    let clinic = try await TestClinic.make()
    try await Self.withPlace { place in
      let service = try await clinic.service(
        permissions: [], thumbprints: place.certificates.map(\.thumbprint))
      #expect(try await place.refusal(service.text, 0) == nil)
      #expect(try await place.refusal(service.text, 1) == nil)
      let token = try await place.token(service.text, 1)
      #expect(try await place.refusal(token, 1) == nil)
      #expect(try await place.refusal(token, 0) == "CERTIFICATE_MISMATCH")
      // A token stays with its certificate when the account is set free.
      try await service.update(["certificate_thumbprints"]) { _ in }
      #expect(try await place.refusal(token, 1) == nil)
      #expect(try await place.refusal(token, 0) == "CERTIFICATE_MISMATCH")
      #expect(try await place.refusal(token, nil) == "CERTIFICATE_MISMATCH")
      #expect(try await place.refusal(service.text, nil) == nil)
    }
  }

  @Test("bites on open connections and streams when an account is bound or bound to another")
  func rebinding() async throws {
    let clinic = try await TestClinic.make()
    try await Self.withPlace { place in
      let service = try await clinic.service(permissions: ["changes.read"])
      let client = try place.client(service.text, 0)
      let bare = try place.client(service.text, nil)
      _ = try await bare.auth.getCaller(GetCallerRequest())
      let error = await failure {
        try await client.changes.watch(WatchChangesRequest()) { replies in
          var replyCount = 0
          for try await _ in replies {
            replyCount += 1
            // First to its own, which changes nothing for the stream, then to the other.
            if replyCount <= 2 {
              try await service.update(["certificate_thumbprints"]) {
                $0.certificateThumbprints = [place.certificates[replyCount - 1].thumbprint]
              }
            }
          }
        }
      }
      #expect(error?.code == .unauthenticated && error?.reason == "CERTIFICATE_MISMATCH")
      let unary = try await firstFailure { _ = try await bare.auth.getCaller(GetCallerRequest()) }
      #expect(unary?.reason == "CERTIFICATE_MISMATCH")
      await client.close()
      await bare.close()
    }
  }
}
