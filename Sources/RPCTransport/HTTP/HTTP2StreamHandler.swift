internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import RPCCore

/// One stream of HTTP/2: turns frames into what ``HTTPCall`` takes, and its parts into frames.
final class HTTP2StreamHandler: ChannelDuplexHandler, HTTPCarrier {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias OutboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  /// Bytes of a reply from which it is counted until it has left.
  private static let countedBytes = 4_096

  private let connection: HTTPConnection
  private let onEnd: () -> Void
  private var context: ChannelHandlerContext?
  private var call: HTTPCall?
  private var hasHead = false
  private var isReadHeldBack = false

  /// `onEnd` is told when the stream is gone.
  init(connection: HTTPConnection, onEnd: @escaping () -> Void) {
    self.connection = connection
    self.onEnd = onEnd
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    call = HTTPCall(connection: connection, carrier: self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { lose() }

  func channelInactive(context: ChannelHandlerContext) {
    lose()
    context.fireChannelInactive()
  }

  private func lose() {
    context = nil
    guard let call else { return }
    self.call = nil
    call.lose()
    onEnd()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let call else { return }
    switch unwrapInboundIn(data) {
    case .headers(let frame):
      if !hasHead {
        hasHead = true
        call.receiveHead(HTTPCallHead(frame.headers))
      }
      if frame.endStream { call.receiveEnd() }
    case .data(let frame):
      guard case .byteBuffer(let bytes) = frame.data else { return }
      call.receiveBody(bytes)
      if frame.endStream { call.receiveEnd() }
    default: break
    }
  }

  func read(context: ChannelHandlerContext) {
    if call?.wantsMore != false { context.read() } else { isReadHeldBack = true }
  }

  func readOn() {
    guard isReadHeldBack, call?.wantsMore == true else { return }
    isReadHeldBack = false
    context?.read()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { call?.sendParked() }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The caller reset the stream, or broke a rule on it: what follows is channelInactive.
  }

  // MARK: Response

  var isWritable: Bool { context?.channel.isWritable == true }

  func reset() { context?.close(promise: nil) }

  func send(_ parts: [HTTPPart]) {
    guard let context else { return }
    for part in parts {
      switch part {
      case .head(let status, let fields, let isLast):
        let headers = HPACKHeaders(status: status, fields)
        context.write(
          wrapOutboundOut(.headers(.init(headers: headers, endStream: isLast))), promise: nil)
      case .body(let bytes, let isLast):
        context.write(
          wrapOutboundOut(.data(.init(data: .byteBuffer(bytes), endStream: isLast))),
          promise: counting(bytes.readableBytes))
      case .trailers(let fields):
        context.write(
          wrapOutboundOut(.headers(.init(headers: HPACKHeaders(fields), endStream: true))),
          promise: nil)
      case .stopRequest:
        // RFC 9113 §8.1: a whole response may end a request that is not.
        context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil)
      }
    }
    context.flush()
  }

  /// Counts bytes until they have left.
  private func counting(_ bytes: Int) -> EventLoopPromise<Void>? {
    guard bytes >= Self.countedBytes, let context else { return nil }
    let promise = context.eventLoop.makePromise(of: Void.self)
    connection.unsentBytes += bytes
    promise.futureResult.whenComplete { [connection] _ in connection.unsentBytes -= bytes }
    return promise
  }
}

extension HTTPCallHead {
  /// The head of a request of HTTP/2, which NIO has checked to have its pseudo-headers.
  fileprivate init(_ headers: HPACKHeaders) {
    var fields = HTTPFields()
    var method = ""
    var path = ""
    for (name, value, _) in headers {
      switch name {
      case ":method": method = value
      case ":path": path = value
      case ":scheme", ":authority": break
      default: fields.add(name, value)
      }
    }
    self.init(method: method, path: path, fields: fields, isHTTP2: true)
  }
}

extension HPACKHeaders {
  fileprivate init(_ fields: HTTPFields) {
    self.init()
    for field in fields.all { add(name: field.name, value: field.value) }
  }

  fileprivate init(status: Int, _ fields: HTTPFields) {
    self.init()
    add(name: ":status", value: "\(status)")
    for field in fields.all { add(name: field.name, value: field.value) }
  }
}
