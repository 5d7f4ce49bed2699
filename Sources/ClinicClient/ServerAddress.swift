/// Where a server listens.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
  /// A host name or IP address, which the server's certificate must be made out to.
  public var host: String
  /// The port, 1 to 65,535.
  public var port: Int

  /// Makes an address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `HOST:PORT`, an IPv6 address in square brackets; nil where it is none.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("[") {
      guard host.hasSuffix("]") else { return nil }
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "/" }) else { return nil }
    self.init(host: String(host), port: port)
  }

  /// `HOST:PORT`, an IPv6 address in square brackets.
  public var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
