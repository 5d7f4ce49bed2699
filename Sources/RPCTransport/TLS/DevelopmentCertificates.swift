internal import Glibc

/// A certificate authority for development and the certificates it issues, kept in a folder.
///
/// `clinicd` makes one for itself when it is told of no certificate. Everything is ECDSA P-256.
/// Keys are readable by their owner only (0600), certificates by all (0644). Valid files are used
/// again; what is missing, damaged, near its end or made out to other names is made anew.
public struct DevelopmentCertificates: Sendable {
  /// The paths of what ``ensure()`` found or made.
  public struct Files: Sendable, Hashable {
    /// The authority's certificate, which clients have to trust.
    public var caCertificate: String
    /// The server's certificate.
    public var serverCertificate: String
    /// The server's private key.
    public var serverKey: String
    /// Whether the server's certificate is a new one.
    public var isRenewed: Bool
  }

  /// The paths of a client's certificate and key.
  public struct ClientFiles: Sendable, Hashable {
    /// The client's certificate.
    public var certificate: String
    /// The client's private key.
    public var privateKey: String
  }

  /// The name of the authority, by which we also recognise our own files.
  static let authorityName = "Clinic RPC development CA"
  private static let day: Int64 = 86_400
  /// How long an authority is valid, in seconds.
  static let authorityValidity = 3_650 * day
  /// How long a server's or client's certificate is valid, in seconds.
  static let leafValidity = 397 * day
  /// A certificate with less than this left is made anew, in seconds.
  static let renewalMargin = 30 * day

  private let directory: String
  private let dnsNames: [String]
  private let ipAddresses: [String]
  private let now: @Sendable () -> Int64

  /// Describes the folder and the server's names; nothing is written before ``ensure()``.
  ///
  /// - Parameters:
  ///   - directory: the folder, made with mode 0700 if it does not exist.
  ///   - hostNames: DNS names and IP addresses of the server besides `localhost`, 127.0.0.1, ::1
  ///     and the machine's own name.
  /// - Throws: ``TLSError`` if one of the names cannot be in a certificate.
  public init(directory: String, hostNames: [String] = []) throws(TLSError) {
    try self.init(directory: directory, hostNames: hostNames, now: { Int64(time(nil)) })
  }

  /// The same with a clock of its own, in seconds since 1970.
  init(
    directory: String, hostNames: [String], now: @escaping @Sendable () -> Int64
  ) throws(TLSError) {
    var dnsNames = ["localhost"]
    var ipAddresses = ["127.0.0.1", "::1"]
    if let own = Self.machineName(), Self.isDNSName(own), !dnsNames.contains(own) {
      dnsNames.append(own)
    }
    for name in hostNames {
      if let address = IPAddressText(parsing: name) {
        if !ipAddresses.contains(address.text) { ipAddresses.append(address.text) }
      } else if Self.isDNSName(name) {
        if !dnsNames.contains(name) { dnsNames.append(name) }
      } else {
        throw TLSError(
          code: .configuration, message: "\"\(name)\" is neither a DNS name nor an IP address")
      }
    }
    self.directory = directory
    self.dnsNames = dnsNames
    self.ipAddresses = ipAddresses
    self.now = now
  }

  /// Makes sure that there is a valid authority and a valid server certificate.
  ///
  /// - Throws: ``TLSError`` naming the file or folder that cannot be read or written.
  public func ensure() throws(TLSError) -> Files {
    try TLSFile.makeDirectory(self.directory, mode: 0o700)
    let authority = try self.authority()
    let template = self.template(.server, commonName: self.dnsNames[0])
    let isRenewed = try self.ensure("server", template, issuer: authority)
    return Files(
      caCertificate: self.path("ca.pem"), serverCertificate: self.path("server.pem"),
      serverKey: self.path("server-key.pem"), isRenewed: isRenewed)
  }

  /// Makes sure that there is a valid client certificate of some name, from the same authority.
  ///
  /// - Parameter commonName: letters, digits, dots, hyphens and underscores, at most 64; also part
  ///   of the file names.
  public func clientCertificate(commonName: String) throws(TLSError) -> ClientFiles {
    guard (1...64).contains(commonName.utf8.count), commonName.utf8.first != UInt8(ascii: "."),
      commonName.utf8.allSatisfy({ Self.isNameByte($0) || $0 == UInt8(ascii: "_") })
    else {
      throw TLSError(code: .configuration, message: "\"\(commonName)\" is no usable client name")
    }
    try TLSFile.makeDirectory(self.directory, mode: 0o700)
    let authority = try self.authority()
    let template = self.template(.client, commonName: commonName)
    _ = try self.ensure("client-\(commonName)", template, issuer: authority)
    return ClientFiles(
      certificate: self.path("client-\(commonName).pem"),
      privateKey: self.path("client-\(commonName)-key.pem"))
  }
}

// MARK: Files

extension DevelopmentCertificates {
  private func path(_ name: String) -> String { "\(self.directory)/\(name)" }

  private func template(_ purpose: X509Template.Purpose, commonName: String) -> X509Template {
    let now = self.now()
    let validity = purpose == .authority ? Self.authorityValidity : Self.leafValidity
    return X509Template(
      commonName: commonName, purpose: purpose,
      dnsNames: purpose == .server ? self.dnsNames : [],
      ipAddresses: purpose == .server ? self.ipAddresses : [],
      // An hour back, for clients whose clock is behind ours.
      notBefore: now - 3_600, notAfter: now + validity)
  }

  private func authority() throws(TLSError) -> X509Template.Issuer {
    if let found = try self.load("ca"), self.isValid(found.certificate),
      found.certificate.isSigned(by: found.certificate)
    {
      return found
    }
    let template = self.template(.authority, commonName: Self.authorityName)
    let key = try TLSPrivateKey.generateP256()
    let certificate = try template.issue(for: key, by: nil)
    try self.store("ca", certificate, key)
    return X509Template.Issuer(certificate: certificate, key: key)
  }

  /// Answers whether a new certificate was made.
  private func ensure(
    _ name: String, _ template: X509Template, issuer: X509Template.Issuer
  ) throws(TLSError) -> Bool {
    if let found = try self.load(name), self.isValid(found.certificate),
      found.certificate.isSigned(by: issuer.certificate)
    {
      let identity = found.certificate.identity
      if Set(identity.dnsNames) == Set(template.dnsNames),
        Set(identity.ipAddresses) == Set(template.ipAddresses)
      {
        return false
      }
    }
    let key = try TLSPrivateKey.generateP256()
    try self.store(name, try template.issue(for: key, by: issuer), key)
    return true
  }

  /// A certificate with its key; `nil` if one is missing or damaged or they do not belong together.
  private func load(_ name: String) throws(TLSError) -> X509Template.Issuer? {
    let paths = (self.path("\(name).pem"), self.path("\(name)-key.pem"))
    guard TLSFile.exists(paths.0) else { return nil }
    // A file that cannot be read is an error; one that can be read but makes no sense is replaced.
    let bytes = try TLSFile.read(paths.0)
    guard let certificate = try? X509Certificate.parse(pem: bytes, path: paths.0).first else {
      return nil
    }
    guard certificate.issuerCommonName == Self.authorityName else {
      throw TLSError(
        code: .configuration,
        message: "this certificate was not made by us, so it is not replaced", path: paths.0)
    }
    guard TLSFile.exists(paths.1) else { return nil }
    let keyBytes = try TLSFile.read(paths.1)
    guard let key = try? TLSPrivateKey.parse(pem: keyBytes, path: paths.1), key.matches(certificate)
    else { return nil }
    return X509Template.Issuer(certificate: certificate, key: key)
  }

  private func store(
    _ name: String, _ certificate: X509Certificate, _ key: TLSPrivateKey
  ) throws(TLSError) {
    try TLSFile.write(key.pem, to: self.path("\(name)-key.pem"), mode: 0o600)
    try TLSFile.write(certificate.pem, to: self.path("\(name).pem"), mode: 0o644)
  }

  private func isValid(_ certificate: X509Certificate) -> Bool {
    let now = self.now()
    return certificate.notBefore <= now && certificate.notAfter - now >= Self.renewalMargin
  }
}

// MARK: Names

extension DevelopmentCertificates {
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// Labels of letters, digits and inner hyphens; a first label `*` is a wildcard.
  private static func isDNSName(_ name: String) -> Bool {
    guard name.utf8.count <= 253 else { return false }
    var labels = name.split(separator: ".", omittingEmptySubsequences: false)[...]
    if labels.first == "*", labels.count > 2 { labels = labels.dropFirst() }
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy(self.isNameByte)
    }
  }

  private static func machineName() -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
    let name = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: name, as: UTF8.self).lowercased()
  }
}
