internal import NIOCore
internal import RPCCore

/// Waits for the TLS handshake, then makes way for the connection's handler.
final class ClientNegotiationHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let handler: ClientConnectionHandler
  private let completion: (Result<Void, any Error>) -> Void
  private var isDone = false

  init(
    handler: ClientConnectionHandler, completion: @escaping (Result<Void, any Error>) -> Void
  ) {
    self.handler = handler
    self.completion = completion
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is TLSHandshakeCompleted else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    let operations = context.pipeline.syncOperations
    do {
      try operations.addHandler(handler, position: .after(self))
      context.fireUserInboundEventTriggered(event)
      operations.removeHandler(context: context, promise: nil)
      complete(.success(()))
    } catch {
      complete(.failure(error))
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    complete(.failure(error))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    complete(.failure(RPCError.connectionLost))
    context.fireChannelInactive()
  }

  private func complete(_ result: Result<Void, any Error>) {
    guard !isDone else { return }
    isDone = true
    completion(result)
  }
}
