/// Where a server listens.
public struct ListenAddress: Sendable, Hashable {
  /// A host name or address, as `0.0.0.0`, `::1` or `localhost`.
  public let host: String
  /// A port: 0 to have the system choose one.
  public let port: Int

  /// Makes an address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}
