internal import NIOCore
internal import RPCCore

/// Waits for the TLS handshake, then makes way for the handlers of the negotiated protocol.
final class ServerNegotiationHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let makeHandlers: (TLSHandshakeCompleted) throws -> [any ChannelHandler]
  private let refuse: (any Error) -> Void

  /// `refuse` is told why there will be no handlers.
  init(
    makeHandlers: @escaping (TLSHandshakeCompleted) throws -> [any ChannelHandler],
    refuse: @escaping (any Error) -> Void
  ) {
    self.makeHandlers = makeHandlers
    self.refuse = refuse
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case let handshake as TLSHandshakeCompleted:
      let operations = context.pipeline.syncOperations
      do {
        try operations.addHandlers(makeHandlers(handshake), position: .after(self))
        context.fireUserInboundEventTriggered(event)
        operations.removeHandler(context: context, promise: nil)
      } catch {
        context.close(promise: nil)
      }
    case is ConnectionDrainEvent:
      // No call can have been made yet.
      context.close(promise: nil)
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    refuse(error)
    context.close(promise: nil)
  }
}

extension TLSIdentity {
  /// What the call layer knows of a verified certificate.
  init(peer: TLSPeerIdentity) {
    self.init(
      subject: peer.subject, commonName: peer.commonName, dnsNames: peer.dnsNames, uris: peer.uris,
      fingerprint: peer.fingerprint)
  }
}
