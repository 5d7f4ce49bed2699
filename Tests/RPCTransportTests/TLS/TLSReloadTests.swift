import Foundation
import NIOCore
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("TLS certificate reload")
struct TLSReloadTests {
  private let folder: TLSTestFolder
  private let authority: TLSTestAuthority
  private let configuration: TLSServerConfiguration
  private let chainPath: String
  private let keyPath: String

  init() throws {
    self.folder = try TLSTestFolder()
    self.authority = try TLSTestAuthority()
    let identity = try self.authority.server()
    self.chainPath = try self.folder.write("server.pem", identity.chain)
    self.keyPath = try self.folder.write("server-key.pem", identity.key)
    self.configuration = TLSServerConfiguration(
      credentials: .files(certificateChain: self.chainPath, privateKey: self.keyPath))
  }

  @Test("new connections get the new certificate, open ones go on")
  func reload() async throws {
    let provider = try TLSServerContextProvider(self.configuration)
    let server = try await TLSTestSockets.serve(provider)
    let context = try TLSClientContext(TLSClientConfiguration(trust: self.authority.trust))
    let before = TLSObserver()
    let old = try await TLSTestSockets.connect(context, port: server.port, observer: before)
    let first = try await before.wait("the handshake") { $0.handshake != nil }
    #expect(first.handshake?.peer?.fingerprint == provider.current.certificateFingerprint)

    let fresh = try self.authority.server()
    try self.folder.write("server.pem", fresh.chain)
    try self.folder.write("server-key.pem", fresh.key)
    try provider.reload()
    #expect(provider.current.certificateFingerprint == fresh.certificate.fingerprint)
    #expect(provider.current.certificateExpiry == fresh.certificate.notAfter)

    let after = TLSObserver()
    let new = try await TLSTestSockets.connect(context, port: server.port, observer: after)
    let second = try await after.wait("the handshake") { $0.handshake != nil }
    #expect(second.handshake?.peer?.fingerprint == fresh.certificate.fingerprint)
    try await old.send(Array("still here".utf8))
    try await before.wait("the echo") { $0.bytes == Array("still here".utf8) }
    for channel in [old, new, server] { try await channel.close().get() }
  }

  /// What can be wrong with the files on a reload.
  enum Damage: String, CaseIterable {
    case chainMissing, keyMissing, chainEmpty, chainGarbage, chainCutOff, keyGarbage, keyOfAnother,
      folder
  }

  @Test(
    "files that are not in order leave the old certificate in force and are named",
    arguments: Damage.allCases)
  func damage(_ damage: Damage) throws {
    let provider = try TLSServerContextProvider(self.configuration)
    let old = provider.current.certificateFingerprint
    let fresh = try self.authority.server()
    var blamed = self.chainPath
    switch damage {
    case .chainMissing: try self.remove(self.chainPath)
    case .keyMissing:
      try self.remove(self.keyPath)
      blamed = self.keyPath
    case .chainEmpty: try self.folder.write("server.pem", [])
    case .chainGarbage: try self.folder.write("server.pem", Array("no certificate".utf8))
    case .chainCutOff: try self.folder.write("server.pem", Array(fresh.chain.dropLast(60)))
    case .keyGarbage:
      try self.folder.write("server-key.pem", fresh.chain)
      blamed = self.keyPath
    case .keyOfAnother:
      try self.folder.write("server-key.pem", fresh.key)
      blamed = self.keyPath
    case .folder:
      let configuration = TLSServerConfiguration(
        credentials: .files(certificateChain: self.folder.path, privateKey: self.keyPath))
      let error = #expect(throws: TLSError.self) { try TLSServerContext(configuration) }
      #expect(error?.path == self.folder.path)
      return
    }
    let error = #expect(throws: TLSError.self) { try provider.reload() }
    #expect(error?.code == .configuration)
    #expect(error?.path == blamed)
    #expect(provider.current.certificateFingerprint == old)
  }

  @Test("a missing or empty file of authorities is named")
  func trust() throws {
    for path in ["\(self.folder.path)/absent.pem", try self.folder.write("empty.pem", [])] {
      var configuration = self.configuration
      configuration.clientCertificates = .required(.file(path))
      let server = #expect(throws: TLSError.self) { try TLSServerContext(configuration) }
      #expect(server?.path == path)
      let client = #expect(throws: TLSError.self) {
        try TLSClientContext(TLSClientConfiguration(trust: .file(path)))
      }
      #expect(client?.path == path)
      #expect(client?.code == .configuration)
    }
  }

  @Test("an encrypted key is refused instead of asking for its pass phrase")
  func encryptedKey() throws {
    let pem = """
      -----BEGIN ENCRYPTED PRIVATE KEY-----
      MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw
      -----END ENCRYPTED PRIVATE KEY-----
      """
    try self.folder.write("server-key.pem", Array(pem.utf8))
    let error = #expect(throws: TLSError.self) { try TLSServerContext(self.configuration) }
    #expect(error?.path == self.keyPath)
  }

  @Test("the system's authorities can be trusted")
  func systemTrust() throws {
    _ = try TLSClientContext(TLSClientConfiguration(trust: .system))
  }

  private func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
  }
}
