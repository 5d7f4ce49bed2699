internal import Logging
internal import NIOCore
internal import NIOHTTP2
internal import RPCCore

/// The life of an HTTP/2 connection, beside its streams: signs of life, idleness, the end.
///
/// Sendable without a lock: its state is touched on its event loop only.
final class HTTP2ConnectionHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  /// The data of the PING that follows the announcement of the end; those that ask for a sign of
  /// life carry small numbers.
  private static let announcement = UInt64.max

  private let connection: HTTPConnection
  private let farewell: HTTP2FarewellHandler
  private var machine: HTTP2ConnectionStateMachine
  private var keepAlive: KeepAliveStateMachine
  private var context: ChannelHandlerContext?
  private var timer: Scheduled<Void>?
  private var isClosing = false

  /// `farewell` stands below the codec.
  init(connection: HTTPConnection, farewell: HTTP2FarewellHandler) {
    self.connection = connection
    self.farewell = farewell
    let limits = connection.limits
    let now = Deadline.now
    machine = HTTP2ConnectionStateMachine(
      idleTimeout: limits.idleTimeout, ackTimeout: limits.keepAliveTimeout, now: now)
    keepAlive = KeepAliveStateMachine(
      interval: limits.keepAliveInterval, timeout: limits.keepAliveTimeout, now: now)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    tick()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
    self.context = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
    context.fireChannelInactive()
  }

  /// Prepares the channel of a new stream. On the loop.
  func prepare(_ stream: any Channel) throws {
    let id = try stream.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID)
    machine.openStream(id: id.map { Int32($0) } ?? 0)
    try stream.pipeline.syncOperations.addHandler(
      HTTP2StreamHandler(connection: connection) { [weak self] in
        guard let self else { return }
        perform(machine.closeStream(now: .now))
      })
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    keepAlive.receive(now: .now)
    guard case .ping(let data, let isAnswer) = unwrapInboundIn(data).payload else { return }
    if isAnswer {
      if data.integer == Self.announcement { perform(machine.receiveAck()) }
    } else if !connection.pings.receivePing(now: .now) {
      fail(.enhanceYourCalm, "too_many_pings")
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ConnectionDrainEvent: perform(machine.drain(now: .now))
    case is NIOHTTP2StreamCreatedEvent, is StreamClosedEvent: keepAlive.receive(now: .now)
    default: break
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    connection.refusals.note(error, from: connection.peer.address, over: "h2")
    // RFC 9113 §5.4.2: the codec answered an error of a stream on that stream, and all others go on.
    if error is any NIOHTTP2Error, !farewell.hasSaidFarewell { return }
    closeSoon()
  }

  // MARK: Actions

  private func perform(_ action: HTTP2ConnectionStateMachine.Action) {
    switch action {
    case .none: break
    case .announce:
      announce()
      tick()
    case .lastCall(let id): writeGoAway(id)
    case .lastCallAndClose(let id):
      writeGoAway(id)
      closeSoon()
    case .close: closeSoon()
    }
  }

  private func writeGoAway(_ id: Int32) {
    write(
      .goAway(
        lastStreamID: HTTP2StreamID(Int(id)), errorCode: .noError, opaqueData: nil))
    context?.flush()
  }

  /// Answers a broken rule that the codec knows nothing of.
  private func fail(_ code: HTTP2ErrorCode, _ reason: String) {
    connection.refusals.note(reason, from: connection.peer.address, over: "h2")
    write(
      .goAway(
        lastStreamID: HTTP2StreamID(Int(machine.lastStreamID)), errorCode: code,
        opaqueData: ByteBuffer(string: reason)))
    context?.flush()
    closeSoon()
  }

  private func write(_ payload: HTTP2Frame.FramePayload) {
    guard let context, !isClosing else { return }
    context.write(
      wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)), promise: nil)
  }

  /// Closes once what was written has left, which frames of ended streams may still have to.
  private func closeSoon() {
    guard !isClosing, let channel = context?.channel else { return }
    isClosing = true
    channel.eventLoop.execute { channel.close(promise: nil) }
  }

  // MARK: Clock

  private func tick() {
    guard context != nil, !isClosing else { return }
    timer?.cancel()
    let now = Deadline.now
    var next: Deadline
    switch keepAlive.tick(now: now) {
    case .wait(let until): next = until
    case .ping(let value, let until):
      write(.ping(HTTP2PingData(withInteger: value), ack: false))
      context?.flush()
      next = until
    case .giveUp:
      connection.logger.debug("connection gave no sign of life")
      context?.close(promise: nil)
      return
    }
    let (action, later) = machine.tick(now: now)
    next = min(next, later)
    let time = NIODeadline.uptimeNanoseconds(
      min(next.uptimeNanoseconds, UInt64(Int64.max) - 1_000_000) + 1_000_000)
    timer = connection.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [weak self] in
      self?.tick()
    }
    if action == .announce { announce() } else { perform(action) }
  }

  private func announce() {
    write(.goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
    write(.ping(HTTP2PingData(withInteger: Self.announcement), ack: false))
    context?.flush()
  }
}
