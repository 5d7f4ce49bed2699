/// Whom a client trusts and how it presents itself.
///
/// The server's chain and name are always verified; there is no switch to turn that off.
public struct TLSClientConfiguration: Sendable {
  /// The authorities that may vouch for the server.
  public var trust: TLSTrust
  /// The oldest version that is accepted.
  public var minimumVersion: TLSVersion
  /// Application protocols (ALPN, RFC 7301) to offer, preferred first.
  public var applicationProtocols: [String]
  /// Fails the handshake when the server does not choose one of ``applicationProtocols``.
  public var requiresApplicationProtocol: Bool
  /// The client's own certificate, for servers that ask for one.
  public var credentials: TLSCredentials?

  /// The newest version that is offered; lowered only to meet an old server in a test.
  var maximumVersion = TLSVersion.v1_3

  /// Makes a configuration; nothing is read before a context is made of it.
  public init(
    trust: TLSTrust = .system,
    minimumVersion: TLSVersion = .v1_2,
    applicationProtocols: [String] = [],
    requiresApplicationProtocol: Bool = false,
    credentials: TLSCredentials? = nil
  ) {
    self.trust = trust
    self.minimumVersion = minimumVersion
    self.applicationProtocols = applicationProtocols
    self.requiresApplicationProtocol = requiresApplicationProtocol
    self.credentials = credentials
  }
}
