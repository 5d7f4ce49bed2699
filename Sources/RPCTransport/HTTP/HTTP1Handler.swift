internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import RPCCore

/// A connection of HTTP/1.1: turns requests into what ``HTTPCall`` takes, one at a time, and its
/// parts into responses.
final class HTTP1Handler: ChannelDuplexHandler, HTTPCarrier {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let connection: HTTPConnection
  private var context: ChannelHandlerContext?
  private var call: HTTPCall?
  private var isRequestOpen = false
  private var keepsAlive = true
  private var isDraining = false
  private var isReadHeldBack = false
  private var idleTimer: Scheduled<Void>?

  init(connection: HTTPConnection) { self.connection = connection }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    watchIdleness()
  }

  func handlerRemoved(context: ChannelHandlerContext) { lose() }

  func channelInactive(context: ChannelHandlerContext) {
    lose()
    context.fireChannelInactive()
  }

  private func lose() {
    context = nil
    idleTimer?.cancel()
    idleTimer = nil
    call.take()?.lose()
  }

  /// Closes a connection on which no request gets whole for too long.
  private func watchIdleness() {
    idleTimer?.cancel()
    idleTimer = connection.eventLoop.assumeIsolated().scheduleTask(
      deadline: .uptimeNanoseconds(
        Deadline.after(connection.limits.idleTimeout).uptimeNanoseconds)
    ) { [weak self] in
      self?.context?.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): receiveHead(head, context)
    case .body(let bytes): call?.receiveBody(bytes)
    case .end:
      isRequestOpen = false
      call?.receiveEnd()
      endExchange()
    }
  }

  private func receiveHead(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    idleTimer?.cancel()
    idleTimer = nil
    isRequestOpen = true
    keepsAlive = head.isKeepAlive && !isDraining
    let size = head.headers.reduce(head.uri.utf8.count) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + 4
    }
    guard size <= connection.limits.headerBytes else {
      send([.head(status: 431, fields: ["content-length": "0"], isLast: true), .stopRequest])
      return closeOutput()
    }
    let call = HTTPCall(connection: connection, carrier: self)
    self.call = call
    if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
      context.writeAndFlush(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
        promise: nil)
    }
    call.receiveHead(HTTPCallHead(head))
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ConnectionDrainEvent {
      isDraining = true
      keepsAlive = false
      if call == nil { context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    connection.refusals.note(error, from: connection.peer.address, over: "http/1.1")
    context.close(promise: nil)
  }

  func read(context: ChannelHandlerContext) {
    if call?.wantsMore != false { context.read() } else { isReadHeldBack = true }
  }

  func readOn() {
    guard isReadHeldBack, call?.wantsMore != false else { return }
    isReadHeldBack = false
    context?.read()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { call?.sendParked() }
    context.fireChannelWritabilityChanged()
  }

  // MARK: Response

  var isWritable: Bool { context?.channel.isWritable == true }

  func reset() { context?.close(promise: nil) }

  func send(_ parts: [HTTPPart]) {
    guard let context else { return }
    for part in parts {
      switch part {
      case .head(let status, let fields, let isLast):
        // A body that nobody wants is not worth reading to its end.
        if parts.contains(.stopRequest) { keepsAlive = false }
        context.write(wrapOutboundOut(.head(head(status, fields))), promise: nil)
        if isLast { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
      case .body(let bytes, let isLast):
        context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        if isLast { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
      case .trailers(let fields):
        context.write(
          wrapOutboundOut(.end(HTTPHeaders(fields.all.map { ($0.name, $0.value) }))), promise: nil)
      case .stopRequest: break
      }
    }
    context.flush()
    endExchange()
  }

  private func head(_ status: Int, _ fields: HTTPFields) -> HTTPResponseHead {
    var headers = HTTPHeaders(fields.all.map { ($0.name, $0.value) })
    if !keepsAlive { headers.replaceOrAdd(name: "connection", value: "close") }
    return HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
  }

  /// Once the response is whole, and the request or the connection's life with it.
  private func endExchange() {
    guard let call, call.machine.isEnded, !isRequestOpen || !keepsAlive else { return }
    self.call = nil
    call.lose()
    if keepsAlive {
      watchIdleness()
      readOn()
    } else {
      closeOutput()
    }
  }

  /// What the caller still sends is dropped; it closes when it has read the response.
  private func closeOutput() {
    context?.close(mode: .output, promise: nil)
    watchIdleness()
  }
}

extension HTTPCallHead {
  fileprivate init(_ head: HTTPRequestHead) {
    var fields = HTTPFields()
    for (name, value) in head.headers { fields.add(name.lowercased(), value) }
    let path = head.uri.prefix { $0 != "?" }
    self.init(method: head.method.rawValue, path: String(path), fields: fields, isHTTP2: false)
  }
}
