/// A number on everything that a caller can make a server spend. Every limit has a default and a
/// range; values outside the range are moved to its nearest end.
public struct ServerLimits: Sendable, Hashable {
  /// Open connections. 1 to 1,000,000; 16,384.
  public private(set) var connections: Int

  /// Open connections from one address. 1 to 1,000,000; 16,384, as a balancer in front has one.
  public let connectionsPerAddress: Int

  /// Calls in progress on one connection, counting those whose handler has not yet noticed that
  /// they ended. 1 to 65,536; 256.
  public let callsPerConnection: Int

  /// Bytes of a call's header, without the frame's own. 256 to 65,536; 16,384.
  public let headerBytes: Int

  /// Metadata entries of one call. 0 to 1,024; 64.
  public let metadataEntries: Int

  /// Bytes of one message. 1,024 to 67,108,864; 4,194,304.
  public let messageBytes: Int

  /// Bytes that one connection may have waiting in memory, in both directions together. At least
  /// twice ``messageBytes``, to 1,073,741,824; 16,777,216.
  public let connectionBytes: Int

  /// How long a new connection may take until its TLS handshake is done. 0.1 to 300 s; 10 s.
  public let handshakeTimeout: Duration

  /// How long a connection may be without a call. 1 s to 24 h; 10 min.
  public let idleTimeout: Duration

  /// How long a connection may be silent before the server asks for a sign of life. 0.1 s to 1 h;
  /// 60 s.
  public let keepAliveInterval: Duration

  /// How long the sign of life may take. 0.1 to 300 s; 20 s.
  public let keepAliveTimeout: Duration

  /// How often a caller of HTTP/2 may ask for a sign of life without any call; one that does so
  /// more often is told to calm down. 0 to 1 h; 10 s.
  public let pingInterval: Duration

  /// How long calls may take to end when the server stops. 0 to 1 h; 30 s.
  public let drainTimeout: Duration

  /// Makes limits.
  public init(
    connections: Int = 16_384, connectionsPerAddress: Int = 16_384, callsPerConnection: Int = 256,
    headerBytes: Int = 16_384, metadataEntries: Int = 64, messageBytes: Int = 4_194_304,
    connectionBytes: Int = 16_777_216, handshakeTimeout: Duration = .seconds(10),
    idleTimeout: Duration = .seconds(600), keepAliveInterval: Duration = .seconds(60),
    keepAliveTimeout: Duration = .seconds(20), pingInterval: Duration = .seconds(10),
    drainTimeout: Duration = .seconds(30)
  ) {
    self.connections = connections.clamped(to: 1...1_000_000)
    self.connectionsPerAddress = connectionsPerAddress.clamped(to: 1...1_000_000)
    self.callsPerConnection = callsPerConnection.clamped(to: 1...65_536)
    self.headerBytes = headerBytes.clamped(to: 256...65_536)
    self.metadataEntries = metadataEntries.clamped(to: 0...1_024)
    self.messageBytes = messageBytes.clamped(to: 1_024...67_108_864)
    self.connectionBytes = connectionBytes.clamped(to: (2 * self.messageBytes)...1_073_741_824)
    self.handshakeTimeout = handshakeTimeout.clamped(to: .milliseconds(100) ... .seconds(300))
    self.idleTimeout = idleTimeout.clamped(to: .seconds(1) ... .seconds(86_400))
    self.keepAliveInterval = keepAliveInterval.clamped(to: .milliseconds(100) ... .seconds(3_600))
    self.keepAliveTimeout = keepAliveTimeout.clamped(to: .milliseconds(100) ... .seconds(300))
    self.pingInterval = pingInterval.clamped(to: .zero ... .seconds(3_600))
    self.drainTimeout = drainTimeout.clamped(to: .zero ... .seconds(3_600))
  }
}

extension ServerLimits {
  /// These limits with at most so many connections.
  public func with(connectionsAtMost count: Int) -> ServerLimits {
    var limits = self
    limits.connections = min(connections, max(count, 1))
    return limits
  }
}

extension ServerLimits: CustomStringConvertible {
  /// Every limit with its value, as printed at start.
  public var description: String {
    "connections=\(connections) connections_per_address=\(connectionsPerAddress) "
      + "calls_per_connection=\(callsPerConnection) header_bytes=\(headerBytes) "
      + "metadata_entries=\(metadataEntries) message_bytes=\(messageBytes) "
      + "connection_bytes=\(connectionBytes) handshake_timeout=\(handshakeTimeout) "
      + "idle_timeout=\(idleTimeout) keep_alive_interval=\(keepAliveInterval) "
      + "keep_alive_timeout=\(keepAliveTimeout) ping_interval=\(pingInterval) "
      + "drain_timeout=\(drainTimeout)"
  }
}

extension Comparable {
  /// The nearest value in a range.
  func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
