/// A number on everything that a server can make a client spend, and on what a client asks of it.
/// Values outside a range are moved to its nearest end.
public struct ClientLimits: Sendable, Hashable {
  /// Bytes of one message, in either direction. 1,024 to 67,108,864; 4,194,304.
  public let messageBytes: Int

  /// Bytes of the status that ends a call. 256 to 1,048,576; 65,536.
  public let statusBytes: Int

  /// Calls in progress on one connection; further ones wait. 1 to 65,536; 256.
  public let callsPerConnection: Int

  /// How long a new connection may take, the TLS handshake included. 0.1 to 300 s; 10 s.
  public let connectTimeout: Duration

  /// How long a connection with calls may be silent before the client asks for a sign of life.
  /// 0.1 s to 1 h; 30 s.
  public let keepAliveInterval: Duration

  /// How long the sign of life may take. 0.1 to 300 s; 20 s.
  public let keepAliveTimeout: Duration

  /// Makes limits.
  public init(
    messageBytes: Int = 4_194_304, statusBytes: Int = 65_536, callsPerConnection: Int = 256,
    connectTimeout: Duration = .seconds(10), keepAliveInterval: Duration = .seconds(30),
    keepAliveTimeout: Duration = .seconds(20)
  ) {
    self.messageBytes = messageBytes.clamped(to: 1_024...67_108_864)
    self.statusBytes = statusBytes.clamped(to: 256...1_048_576)
    self.callsPerConnection = callsPerConnection.clamped(to: 1...65_536)
    self.connectTimeout = connectTimeout.clamped(to: .milliseconds(100) ... .seconds(300))
    self.keepAliveInterval = keepAliveInterval.clamped(to: .milliseconds(100) ... .seconds(3_600))
    self.keepAliveTimeout = keepAliveTimeout.clamped(to: .milliseconds(100) ... .seconds(300))
  }
}
