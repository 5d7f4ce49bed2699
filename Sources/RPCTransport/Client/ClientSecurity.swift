/// How a client's connections are protected.
public enum ClientSecurity: Sendable {
  /// TLS; the server's certificate must be made out to the host that is connected to, or to the
  /// name given here.
  case tls(TLSClientContext, serverName: String? = nil)
  /// Nothing: for tests, and for a proxy on the same machine that does TLS.
  case plaintext
}
