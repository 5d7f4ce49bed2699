package import RPCCore

/// The greatest payload of each kind of frame that a side takes; nil for kinds it does not take.
package struct FrameLimits: Sendable {
  /// Bytes of a GOAWAY frame's payload, on both sides.
  static let goAwayBytes = 4_096

  private let call: Int?
  private let message: Int
  private let status: Int?
  private let cancel: Int?

  /// What a server takes.
  package init(server: ServerLimits) {
    call = server.headerBytes
    message = server.messageBytes
    status = nil
    cancel = 0
  }

  /// What a client takes.
  package init(client: ClientLimits) {
    call = nil
    message = client.messageBytes
    status = client.statusBytes
    cancel = nil
  }

  /// The greatest payload of a kind, or nil where this side does not take it.
  @inline(__always)
  func limit(of kind: FrameKind) -> Int? {
    switch kind {
    case .message: message
    case .call: call
    case .status: status
    case .cancel: cancel
    case .credit: 4
    case .ping, .pong: 8
    case .goAway: Self.goAwayBytes
    }
  }
}
