import Foundation
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("Development certificates")
struct DevelopmentCertificatesTests {
  private let folder: TLSTestFolder
  private let directory: String

  init() throws {
    self.folder = try TLSTestFolder()
    self.directory = "\(self.folder.path)/not/there/yet"
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
  }

  private func leaf(_ path: String) throws -> X509Certificate {
    try #require(try X509Certificate.parse(pem: TLSFile.read(path), path: path).first)
  }

  @Test("makes an authority and a server certificate that a client accepts")
  func works() throws {
    let files = try DevelopmentCertificates(
      directory: self.directory, hostNames: ["rpc.clinic.example", "192.0.2.7", "*.dev.example"]
    ).ensure()
    #expect(files.isRenewed)
    let server = try TLSServerContext(
      TLSServerConfiguration(
        credentials: .files(
          certificateChain: files.serverCertificate, privateKey: files.serverKey)))
    let client = try TLSClientContext(TLSClientConfiguration(trust: .file(files.caCertificate)))
    let names = [
      "localhost", "127.0.0.1", "::1", "rpc.clinic.example", "192.0.2.7", "a.dev.example"
    ]
    for name in names + [ProcessInfo.processInfo.hostName] {
      let pair = try TLSTestPair(server: server, client: client, serverName: name)
      try pair.handshake()
      #expect(pair.client.recorder.handshake != nil, "\(name): \(pair.client.recorder.errors)")
    }
  }

  @Test("keys are for their owner only, certificates for all")
  func modes() throws {
    let certificates = try DevelopmentCertificates(directory: self.directory)
    let files = try certificates.ensure()
    let client = try certificates.clientCertificate(commonName: "tester")
    for key in [files.serverKey, client.privateKey, "\(self.directory)/ca-key.pem"] {
      #expect(try self.mode(key) == 0o600)
    }
    for certificate in [files.serverCertificate, files.caCertificate, client.certificate] {
      #expect(try self.mode(certificate) == 0o644)
    }
    #expect(try self.mode(self.directory) == 0o700)
    let left = try FileManager.default.contentsOfDirectory(atPath: self.directory)
    #expect(left.count == 6, "no temporary files: \(left)")
  }

  @Test("valid files are used again")
  func reuse() throws {
    let certificates = try DevelopmentCertificates(directory: self.directory)
    let first = try certificates.ensure()
    let before = try TLSFile.read(first.serverCertificate)
    let second = try certificates.ensure()
    #expect(!second.isRenewed)
    #expect(try TLSFile.read(second.serverCertificate) == before)
    let client = try certificates.clientCertificate(commonName: "tester")
    let clientBefore = try TLSFile.read(client.certificate)
    #expect(try certificates.clientCertificate(commonName: "tester") == client)
    #expect(try TLSFile.read(client.certificate) == clientBefore)
  }

  @Test("other names make a new server certificate from the same authority")
  func otherNames() throws {
    let first = try DevelopmentCertificates(directory: self.directory).ensure()
    let authority = try TLSFile.read(first.caCertificate)
    let second = try DevelopmentCertificates(directory: self.directory, hostNames: ["new.example"])
      .ensure()
    #expect(second.isRenewed)
    #expect(try TLSFile.read(second.caCertificate) == authority)
    #expect(try self.leaf(second.serverCertificate).identity.dnsNames.contains("new.example"))
  }

  @Test("a certificate near its end is renewed, one that has a month left is not")
  func renewal() throws {
    let start = TLSTestAuthority.now
    func ensure(after seconds: Int64) throws -> Bool {
      try DevelopmentCertificates(
        directory: self.directory, hostNames: [], now: { start + seconds }
      ).ensure().isRenewed
    }
    let limit = DevelopmentCertificates.leafValidity - DevelopmentCertificates.renewalMargin
    #expect(try ensure(after: 0))
    #expect(try !ensure(after: limit))
    #expect(try ensure(after: limit + 1))
    let authority = try TLSFile.read("\(self.directory)/ca.pem")
    let caLimit = DevelopmentCertificates.authorityValidity - DevelopmentCertificates.renewalMargin
    #expect(try ensure(after: caLimit))
    #expect(try TLSFile.read("\(self.directory)/ca.pem") == authority)
    #expect(try ensure(after: caLimit + 1))
    #expect(try TLSFile.read("\(self.directory)/ca.pem") != authority)
  }

  @Test(
    "what is damaged or missing is made anew",
    arguments: ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem"], [true, false])
  func damage(name: String, isRemoved: Bool) throws {
    let certificates = try DevelopmentCertificates(directory: self.directory)
    _ = try certificates.ensure()
    let path = "\(self.directory)/\(name)"
    if isRemoved {
      try FileManager.default.removeItem(atPath: path)
    } else {
      try Data("damaged".utf8).write(to: URL(fileURLWithPath: path))
    }
    let files = try certificates.ensure()
    #expect(files.isRenewed)
    #expect(
      try self.leaf(files.serverCertificate).isSigned(by: self.leaf(files.caCertificate)))
    _ = try TLSServerContext(
      TLSServerConfiguration(
        credentials: .files(
          certificateChain: files.serverCertificate, privateKey: files.serverKey)))
  }

  @Test("a certificate of somebody else is never replaced", arguments: ["ca", "server"])
  func foreign(name: String) throws {
    let certificates = try DevelopmentCertificates(directory: self.directory)
    _ = try certificates.ensure()
    let foreign = try TLSTestAuthority("A real authority").server()
    let path = "\(self.directory)/\(name).pem"
    try TLSFile.write(foreign.chain, to: path, mode: 0o644)
    let error = #expect(throws: TLSError.self) { try certificates.ensure() }
    #expect(error?.path == path)
    #expect(try TLSFile.read(path) == foreign.chain)
  }

  @Test("a folder that cannot be made is named")
  func unwritable() throws {
    let file = try self.folder.write("file", [])
    let error = #expect(throws: TLSError.self) {
      try DevelopmentCertificates(directory: "\(file)/inside").ensure()
    }
    #expect(error?.code == .configuration)
    #expect(error?.path == "\(file)/inside")
  }

  @Test(
    "names that could smuggle something into a certificate are refused",
    arguments: [
      "a,DNS:evil.example", "", "a b", "-a", "a..b", "*", "ü.example", "a/b",
      String(repeating: "a", count: 64)
    ])
  func badNames(name: String) {
    let error = #expect(throws: TLSError.self) {
      try DevelopmentCertificates(directory: self.directory, hostNames: [name])
    }
    #expect(error?.code == .configuration)
  }

  @Test(
    "client names that are no file names are refused",
    arguments: ["", "../x", "a/b", ".hidden", "a b"])
  func badClientNames(name: String) throws {
    let certificates = try DevelopmentCertificates(directory: self.directory)
    #expect(throws: TLSError.self) { try certificates.clientCertificate(commonName: name) }
  }

  @Test("a client certificate lets its holder in")
  func client() throws {
    let certificates = try DevelopmentCertificates(directory: self.directory)
    let files = try certificates.ensure()
    let client = try certificates.clientCertificate(commonName: "billing-service")
    let pair = try TLSTestPair(
      server: TLSServerContext(
        TLSServerConfiguration(
          credentials: .files(
            certificateChain: files.serverCertificate, privateKey: files.serverKey),
          clientCertificates: .required(.file(files.caCertificate)))),
      client: TLSClientContext(
        TLSClientConfiguration(
          trust: .file(files.caCertificate),
          credentials: .files(
            certificateChain: client.certificate, privateKey: client.privateKey))))
    try pair.handshake()
    #expect(pair.server.recorder.handshake?.peer?.commonName == "billing-service")
  }
}
