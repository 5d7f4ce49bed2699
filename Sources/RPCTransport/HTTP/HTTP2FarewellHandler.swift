internal import NIOCore

/// Notices the GOAWAY with which the codec ends a connection. The codec reports errors of a stream
/// and of the connection alike; only what it wrote before tells them apart.
final class HTTP2FarewellHandler: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  private var walk = HTTP2FrameWalk()
  /// Whether the connection is at its end for an error.
  private(set) var hasSaidFarewell = false

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if !hasSaidFarewell { hasSaidFarewell = walk.findsFarewell(in: unwrapOutboundIn(data)) }
    context.write(data, promise: promise)
  }
}
