internal import NIOCore
internal import NIOHTTP1

/// Sends a request when the connection is made, and tells the status of the answer. The rest of the
/// answer is dropped: what is more than a little of it, or comes late, is not waited for.
final class HTTPPostHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  /// The most of an answer's body that is read, in bytes.
  private static let mostBytes = 64 << 10
  /// The longest that the rest of an answer is waited for.
  private static let patience = TimeAmount.seconds(1)

  private let post: HTTPPost
  private let completion: (Result<Int, any Error>) -> Void
  private let whenActive: () -> Void
  private var bytes = 0

  init(
    _ post: HTTPPost, completion: @escaping (Result<Int, any Error>) -> Void,
    whenActive: @escaping () -> Void
  ) {
    self.post = post
    self.completion = completion
    self.whenActive = whenActive
  }

  func channelActive(context: ChannelHandlerContext) {
    whenActive()
    var headers = HTTPHeaders([("host", post.authority)])
    for (name, value) in post.headers { headers.add(name: name, value: value) }
    headers.add(name: "content-length", value: "\(post.body.count)")
    headers.add(name: "connection", value: "close")
    let head = HTTPRequestHead(
      version: .http1_1, method: .POST, uri: post.target, headers: headers)
    // Kept by TLS until the server has shown who it is.
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: post.body)))),
      promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      completion(.success(Int(head.status.code)))
      let channel = context.channel
      context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    case .body(let part):
      bytes += part.readableBytes
      if bytes > Self.mostBytes { context.close(promise: nil) }
    case .end: context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    completion(.failure(error))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    completion(.failure(HTTPPostError(.connection, "closed before the answer")))
    context.fireChannelInactive()
  }
}
