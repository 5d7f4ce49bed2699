/// How a server's connections are protected.
public enum ServerSecurity: Sendable {
  /// TLS with the context that is in force when a connection arrives.
  case tls(TLSServerContextProvider)
  /// Nothing: for tests, and behind something that does TLS.
  case plaintext
}
