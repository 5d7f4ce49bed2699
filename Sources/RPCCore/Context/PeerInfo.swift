package import Synchronization

/// The other side of a connection. One instance lives as long as the connection.
public final class PeerInfo: Sendable {
  /// The address, as `192.0.2.7` or `2001:db8::7`: no port.
  public let address: String

  /// The port, or nil where the transport has none.
  public let port: Int?

  /// The verified client certificate, if one was asked for and given.
  public let tlsIdentity: TLSIdentity?

  /// A place for what the server's authenticator remembers of this connection, such as the last
  /// token and whom it stands for. The transport never looks at it.
  package let authentication = Mutex<(any Sendable)?>(nil)

  /// A place for what the server's limits keep of this address. Nobody else looks at it.
  package let meter = Mutex<(any AnyObject & Sendable)?>(nil)

  /// Holds the other side back; nil where nothing can.
  package let gate: (any ReadingGate)?

  /// Makes a peer.
  public convenience init(address: String, port: Int? = nil, tlsIdentity: TLSIdentity? = nil) {
    self.init(address: address, port: port, tlsIdentity: tlsIdentity, gate: nil)
  }

  /// Makes the peer of a connection behind a gate.
  package init(
    address: String, port: Int?, tlsIdentity: TLSIdentity?, gate: (any ReadingGate)?
  ) {
    self.address = address
    self.port = port
    self.tlsIdentity = tlsIdentity
    self.gate = gate
  }
}
