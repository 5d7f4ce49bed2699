internal import NIOCore
internal import RPCCore

/// Waits for a balancer's header, then makes way for the handlers of the connection that it is for.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let timeout: Duration
  private let addHandlers: (_ header: ProxyHeader) throws -> Bool
  private let refuse: () -> Void
  private var timer: Scheduled<Void>?
  private var kept = ByteBuffer()
  private var isDone = false

  /// Makes the handler of one connection. `addHandlers` adds those that go on, and returns whether
  /// the connection is admitted; `refuse` is told where what came is no header.
  init(
    timeout: Duration, addHandlers: @escaping (_ header: ProxyHeader) throws -> Bool,
    refuse: @escaping () -> Void
  ) {
    self.timeout = timeout
    self.addHandlers = addHandlers
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
    guard !isDone else { return }
    kept.writeImmutableBuffer(unwrapInboundIn(data))
    let start = kept.readableBytesView.prefix(ProxyHeaderDecoder.longest)
    switch ProxyHeaderDecoder.decode(Array(start)) {
    case .needsMore:
      break
    case .failed:
      isDone = true
      refuse()
      context.close(promise: nil)
    case .header(let header, let length):
      isDone = true
      timer?.cancel()
      kept.moveReaderIndex(forwardBy: length)
      guard (try? addHandlers(header)) == true else { return context.close(promise: nil) }
      if kept.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(kept)) }
      context.fireChannelReadComplete()
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // No call can have been made yet.
    if event is ConnectionDrainEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
