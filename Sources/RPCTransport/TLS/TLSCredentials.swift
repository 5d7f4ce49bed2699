/// A certificate chain with its private key: who we are.
public struct TLSCredentials: Sendable {
  enum Source: Sendable {
    case files(certificateChain: String, privateKey: String)
    case pem(certificateChain: [UInt8], privateKey: [UInt8])
  }

  let source: Source

  /// PEM files, read when a context is made and again on every reload.
  ///
  /// - Parameters:
  ///   - certificateChain: path of the certificate followed by its intermediates, leaf first.
  ///   - privateKey: path of the unencrypted private key (PKCS #8, SEC 1 or PKCS #1).
  public static func files(certificateChain: String, privateKey: String) -> TLSCredentials {
    TLSCredentials(source: .files(certificateChain: certificateChain, privateKey: privateKey))
  }

  /// PEM text held in memory.
  public static func pem(certificateChain: [UInt8], privateKey: [UInt8]) -> TLSCredentials {
    TLSCredentials(source: .pem(certificateChain: certificateChain, privateKey: privateKey))
  }
}
