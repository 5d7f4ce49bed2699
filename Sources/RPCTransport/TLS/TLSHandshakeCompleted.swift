/// The user event that tells the rest of the pipeline that the connection is encrypted.
///
/// It is fired once, before the first plaintext is delivered, so a handler may rebuild the pipeline
/// for the negotiated protocol while handling it.
package struct TLSHandshakeCompleted: Sendable, Hashable {
  /// The negotiated application protocol, if any.
  package var applicationProtocol: String?
  /// The negotiated protocol version.
  package var version: TLSVersion
  /// The negotiated cipher suite, by its IANA name: `TLS_AES_128_GCM_SHA256`.
  package var cipherSuite: String
  /// Whether an earlier session was resumed.
  package var isResumed: Bool
  /// The verified certificate of the peer; `nil` for a client that presented none.
  package var peer: TLSPeerIdentity?
}
