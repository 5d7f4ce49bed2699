/// A client's trusted authorities and settings, with the tickets of earlier connections. Shared by
/// all its connections.
public final class TLSClientContext: Sendable {
  let context: TLSContext

  /// Reads the files that the configuration names.
  ///
  /// - Throws: ``TLSError`` with the code `configuration` and the path of the file that cannot be
  ///   used.
  public init(_ configuration: TLSClientConfiguration) throws(TLSError) {
    let protocols = try TLSApplicationProtocols(
      configuration.applicationProtocols, isRequired: configuration.requiresApplicationProtocol)
    let context = try TLSContext(
      role: .client, versions: configuration.minimumVersion...configuration.maximumVersion,
      protocols: protocols)
    try context.trust(configuration.trust)
    if let credentials = configuration.credentials { try context.use(credentials) }
    self.context = context
  }
}
