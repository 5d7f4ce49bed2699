package import NIOCore

/// Bounds of one connection, in time and in bytes.
package struct TLSConnectionLimits: Sendable, Hashable {
  /// From the connection being accepted to the end of the handshake; more than zero.
  package var handshakeTimeout: TimeAmount
  /// How long a closing side waits for its last bytes to leave and for the peer's close_notify;
  /// more than zero.
  package var closeTimeout: TimeAmount
  /// Plaintext kept while the handshake is under way, in bytes; zero or more.
  package var maximumPendingBytes: Int

  /// Makes a set of limits.
  package init(
    handshakeTimeout: TimeAmount = .seconds(10),
    closeTimeout: TimeAmount = .seconds(2),
    maximumPendingBytes: Int = 1 << 20
  ) {
    precondition(handshakeTimeout > .zero, "a handshake needs time")
    precondition(closeTimeout > .zero, "closing needs time")
    precondition(maximumPendingBytes >= 0, "a buffer has no negative size")
    self.handshakeTimeout = handshakeTimeout
    self.closeTimeout = closeTimeout
    self.maximumPendingBytes = maximumPendingBytes
  }
}
