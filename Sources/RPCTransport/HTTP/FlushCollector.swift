internal import NIOCore

/// Collects the flushes of a turn of the loop into one: each stream of HTTP/2 has its own, and a
/// flush is a record of TLS and a system call.
final class FlushCollector: ChannelOutboundHandler, Flushable {
  typealias OutboundIn = ByteBuffer

  private let executor: LoopExecutor
  private var context: ChannelHandlerContext?
  private var isScheduled = false

  init(executor: LoopExecutor) { self.executor = executor }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func flush(context: ChannelHandlerContext) {
    guard !isScheduled else { return }
    isScheduled = true
    executor.flushLater(self)
  }

  func flushNow() {
    isScheduled = false
    context?.flush()
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    context.flush()
    context.close(mode: mode, promise: promise)
  }
}
