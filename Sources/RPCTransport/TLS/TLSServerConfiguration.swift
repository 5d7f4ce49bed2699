/// How a server presents itself and whom it lets in.
///
/// Cipher suites, key exchange groups and signature algorithms are not settings: they are those of
/// Mozilla's "intermediate" profile.
public struct TLSServerConfiguration: Sendable {
  /// Whether clients are asked for a certificate.
  public enum ClientCertificates: Sendable {
    /// They are not asked.
    case notRequested
    /// They may present one; it must then be issued by one of these authorities.
    case optional(TLSTrust)
    /// They must present one issued by one of these authorities.
    case required(TLSTrust)
  }

  /// The server's certificate chain and key.
  public var credentials: TLSCredentials
  /// The oldest version that is accepted.
  public var minimumVersion: TLSVersion
  /// Application protocols (ALPN, RFC 7301) in the server's order of preference. With an empty list
  /// none is negotiated; otherwise a client that offers only others gets `no_application_protocol`.
  public var applicationProtocols: [String]
  /// Refuses clients that offer no application protocol at all, too.
  public var requiresApplicationProtocol: Bool
  /// Whether clients are asked for a certificate.
  public var clientCertificates: ClientCertificates

  /// Makes a configuration; nothing is read before a context is made of it.
  public init(
    credentials: TLSCredentials,
    minimumVersion: TLSVersion = .v1_2,
    applicationProtocols: [String] = [],
    requiresApplicationProtocol: Bool = false,
    clientCertificates: ClientCertificates = .notRequested
  ) {
    self.credentials = credentials
    self.minimumVersion = minimumVersion
    self.applicationProtocols = applicationProtocols
    self.requiresApplicationProtocol = requiresApplicationProtocol
    self.clientCertificates = clientCertificates
  }
}
