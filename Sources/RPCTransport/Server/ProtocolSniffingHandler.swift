internal import NIOCore
internal import RPCCore

/// Waits for the first byte of a caller who named no protocol, then makes way for the handlers of
/// the one it begins.
///
/// A frame begins with the highest byte of its length, which is zero under every limit there is; a
/// request of HTTP/1.1 begins with a letter.
final class ProtocolSniffingHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let timeout: Duration
  private let makeHandlers: (_ isHTTP: Bool) -> [any ChannelHandler]
  private let refuse: (any Error) -> Void
  private var timer: Scheduled<Void>?

  /// `refuse` is told why there will be no handlers.
  init(
    timeout: Duration, makeHandlers: @escaping (_ isHTTP: Bool) -> [any ChannelHandler],
    refuse: @escaping (any Error) -> Void
  ) {
    self.timeout = timeout
    self.makeHandlers = makeHandlers
    self.refuse = refuse
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    timer = context.eventLoop.scheduleTask(
      deadline: .uptimeNanoseconds(Deadline.after(timeout).uptimeNanoseconds)
    ) { channel.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return }
    let operations = context.pipeline.syncOperations
    do {
      let isHTTP = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
      try operations.addHandlers(makeHandlers(isHTTP), position: .after(self))
      context.fireChannelRead(data)
      operations.removeHandler(context: context, promise: nil)
    } catch {
      context.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // No call can have been made yet.
    if event is ConnectionDrainEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    refuse(error)
    context.close(promise: nil)
  }
}
