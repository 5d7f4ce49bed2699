import Foundation
import RPCTransport

@testable import RPCTransport

/// A certificate authority of the tests and everything it can issue.
struct TLSTestAuthority {
  let issuer: X509Template.Issuer

  init(_ name: String = "Test CA") throws {
    let key = try TLSPrivateKey.generateP256()
    let template = X509Template(
      commonName: name, purpose: .authority, notBefore: Self.now - 3_600,
      notAfter: Self.now + 86_400)
    self.issuer = X509Template.Issuer(certificate: try template.issue(for: key, by: nil), key: key)
  }

  static var now: Int64 { Int64(Date().timeIntervalSince1970) }

  /// The authority itself, in PEM form.
  var pem: [UInt8] { self.issuer.certificate.pem }
  var trust: TLSTrust { .pem(self.pem) }

  /// A server certificate for localhost, unless told otherwise.
  func server(
    dnsNames: [String] = ["localhost"], ipAddresses: [String] = ["127.0.0.1", "::1"],
    validFrom: Int64 = -3_600, validUntil: Int64 = 3_600
  ) throws -> TLSTestIdentity {
    try self.issue(
      X509Template(
        commonName: "server", purpose: .server, dnsNames: dnsNames, ipAddresses: ipAddresses,
        notBefore: Self.now + validFrom, notAfter: Self.now + validUntil))
  }

  /// A client certificate.
  func client(
    _ name: String = "client", dnsNames: [String] = [], validUntil: Int64 = 3_600
  ) throws -> TLSTestIdentity {
    try self.issue(
      X509Template(
        commonName: name, purpose: .client, dnsNames: dnsNames, notBefore: Self.now - 7_200,
        notAfter: Self.now + validUntil))
  }

  func issue(_ template: X509Template) throws -> TLSTestIdentity {
    let key = try TLSPrivateKey.generateP256()
    let certificate = try template.issue(for: key, by: self.issuer)
    return TLSTestIdentity(certificate: certificate, chain: certificate.pem, key: key.pem)
  }

  /// A server certificate that signed itself.
  static func selfSigned() throws -> TLSTestIdentity {
    let key = try TLSPrivateKey.generateP256()
    let template = X509Template(
      commonName: "localhost", purpose: .server, dnsNames: ["localhost"], notBefore: Self.now - 60,
      notAfter: Self.now + 3_600)
    let certificate = try template.issue(for: key, by: nil)
    return TLSTestIdentity(certificate: certificate, chain: certificate.pem, key: key.pem)
  }
}

/// A certificate with its key.
struct TLSTestIdentity {
  let certificate: X509Certificate
  let chain: [UInt8]
  let key: [UInt8]

  var credentials: TLSCredentials { .pem(certificateChain: self.chain, privateKey: self.key) }
}

/// A folder that lives as long as this object.
final class TLSTestFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("clinic-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    self.path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: self.path) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = "\(self.path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }
}
