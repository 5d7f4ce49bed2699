/// A server's loaded certificates and settings. Made once, shared by all its connections, never
/// changed.
public final class TLSServerContext: Sendable {
  let context: TLSContext
  /// The end of the server certificate's validity, in seconds since 1970-01-01T00:00:00Z.
  public let certificateExpiry: Int64
  /// SHA-256 of the server certificate (DER), in lower-case hexadecimal.
  public let certificateFingerprint: String

  /// Reads the files that the configuration names.
  ///
  /// - Throws: ``TLSError`` with the code `configuration` and the path of the file that cannot be
  ///   used.
  public init(_ configuration: TLSServerConfiguration) throws(TLSError) {
    let protocols = try TLSApplicationProtocols(
      configuration.applicationProtocols, isRequired: configuration.requiresApplicationProtocol)
    let context = try TLSContext(
      role: .server, versions: configuration.minimumVersion...TLSVersion.v1_3, protocols: protocols)
    let certificate = try context.use(configuration.credentials)
    try context.requestClientCertificates(configuration.clientCertificates)
    self.context = context
    self.certificateExpiry = certificate.notAfter
    self.certificateFingerprint = certificate.fingerprint
  }
}
