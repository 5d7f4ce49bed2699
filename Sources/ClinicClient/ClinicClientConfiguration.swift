public import RPCCore

/// Where a client connects, and how.
///
/// Connections are always TLS, and the server's chain and name are always verified.
public struct ClinicClientConfiguration: Sendable {
  /// Whose word is taken for who the server is.
  public enum CertificateAuthority: Sendable, Hashable {
    /// The authorities that the operating system trusts.
    case system
    /// Only those in a PEM file.
    case file(String)
    /// Only those in this PEM text.
    case pem([UInt8])
  }

  /// A certificate that the client presents to servers that ask for one.
  public struct ClientCertificate: Sendable, Hashable {
    /// The PEM file of the certificate, followed by its intermediates.
    public var certificateChain: String
    /// The PEM file of the private key.
    public var privateKey: String

    /// Names the two files.
    public init(certificateChain: String, privateKey: String) {
      self.certificateChain = certificateChain
      self.privateKey = privateKey
    }
  }

  /// The servers, one at least. When one cannot be reached, the next is tried.
  public var servers: [ServerAddress]
  /// Whose word is taken for who the server is.
  public var certificateAuthority: CertificateAuthority
  /// The name in the servers' certificate where it is not the host's.
  public var serverName: String?
  /// The client's own certificate.
  public var clientCertificate: ClientCertificate?
  /// An API key of a service account, which goes with every call in the place of a session's token;
  /// nil for calls of a member of staff, who logs in.
  public var apiKey: String?
  /// The most connections. 1 to 1,024; 4. They are opened as calls need them.
  public var connections: Int
  /// What the servers can make the client spend, and how long connecting may take.
  public var limits: ClientLimits
  /// How often a failed call is made in all, where a second time does no harm. 1 to 10; 4.
  public var attempts: Int

  /// Makes a configuration.
  public init(
    servers: [ServerAddress], certificateAuthority: CertificateAuthority = .system,
    serverName: String? = nil, clientCertificate: ClientCertificate? = nil, apiKey: String? = nil,
    connections: Int = 4, limits: ClientLimits = ClientLimits(), attempts: Int = 4
  ) {
    self.servers = servers
    self.certificateAuthority = certificateAuthority
    self.serverName = serverName
    self.clientCertificate = clientCertificate
    self.apiKey = apiKey
    self.connections = connections
    self.limits = limits
    self.attempts = attempts
  }
}
