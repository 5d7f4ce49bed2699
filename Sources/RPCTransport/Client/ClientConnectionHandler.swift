internal import Logging
internal import NIOCore
internal import RPCCore
internal import Synchronization

/// The loop's side of a ``ClientConnection``.
///
/// Sendable without a lock: its state is touched on its event loop only. It never stops reading,
/// so that a server that holds back its own reading cannot be waited for in a circle.
final class ClientConnectionHandler: ChannelInboundHandler, Flushable, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let eventLoop: any EventLoop
  let executor: LoopExecutor
  let limits: ClientLimits
  let logger: Logger
  /// The connection, for as long as its owner keeps it.
  weak var connection: ClientConnection?

  var decoder: FrameDecoder
  var machine = ClientConnectionStateMachine()
  var keepAlive: KeepAliveStateMachine
  var calls = CallTable<ClientCall>()
  /// Calls that ended in this turn and whose slots are to be freed.
  var freedSlots = 0

  var context: ChannelHandlerContext?
  var spare = ByteBuffer()
  var isReading = false
  var tickTime = Deadline.distantFuture
  var timer: Scheduled<Void>?
  /// Called when the connection is gone.
  var onClose: [@Sendable () -> Void] = []
  var isGone = false

  init(executor: LoopExecutor, limits: ClientLimits, logger: Logger) {
    self.eventLoop = executor.eventLoop
    self.executor = executor
    self.limits = limits
    self.logger = logger
    self.decoder = FrameDecoder(limits: FrameLimits(client: limits))
    self.keepAlive = KeepAliveStateMachine(
      interval: limits.keepAliveInterval, timeout: limits.keepAliveTimeout, now: .now)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    flushNow()
  }

  func handlerRemoved(context: ChannelHandlerContext) { lose(.connectionLost) }

  func channelInactive(context: ChannelHandlerContext) {
    lose(.connectionLost)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    logger.debug("connection failed", metadata: ["error": "\(type(of: error))"])
    lose(RPCError.unavailable("The connection failed", cause: error))
    context.close(promise: nil)
  }

  /// Takes what callers left, writes it, and ends what they gave up.
  func flushNow() {
    guard let connection, context != nil else { return }
    var output = spare
    spare = ByteBuffer()
    var opened: [ClientCall] = []
    var cancelled: [UInt32] = []
    connection.shared.withLock { shared in
      swap(&output, &shared.output)
      swap(&opened, &shared.opened)
      swap(&cancelled, &shared.cancelled)
      shared.isScheduled = false
    }
    register(opened)
    if output.readableBytes > 0, let context {
      context.writeAndFlush(wrapOutboundOut(output), promise: nil)
      output.clear(minimumCapacity: 1_024)
      if output.capacity <= 65_536 { spare = output }
    }
    for id in cancelled {
      if let call = calls[id] { giveUp(call, .cancelled()) }
    }
    freeSlots()
  }

  private func register(_ opened: [ClientCall]) {
    guard !opened.isEmpty else { return }
    if calls.isEmpty {
      let now = Deadline.now
      keepAlive.receive(now: now)
      noteDeadline(now.advanced(by: limits.keepAliveInterval))
    }
    for call in opened {
      calls.append(call, id: call.id)
      machine.open(callID: call.id)
      if call.deadline < tickTime { scheduleTick(at: call.deadline) }
    }
  }

  /// Ends a call on this side, and tells the server.
  func giveUp(_ call: ClientCall, _ error: RPCError) {
    guard calls.remove(call.id) != nil else { return }
    connection?.write { $0.writeFrame(.cancel, callID: call.id) }
    finish(call, error)
  }

  /// A call has ended.
  func finish(_ call: ClientCall, _ error: RPCError?) {
    freedSlots += 1
    call.end(error)
  }

  /// Lets as many waiting callers open calls as have ended.
  func freeSlots() {
    guard freedSlots > 0 else { return }
    let freed = freedSlots
    freedSlots = 0
    connection?.shared.withLock { shared in
      for _ in 0..<freed {
        if let next = shared.waiting.next() {
          next.resume()
        } else {
          shared.callsInProgress -= 1
        }
      }
    }
    if machine.shouldClose(callsInProgress: calls.count) { context?.close(promise: nil) }
  }

  /// Opens no more calls, and closes when those in progress have ended.
  func leave(_ whenGone: @escaping @Sendable () -> Void) {
    guard !isGone else { return whenGone() }
    onClose.append(whenGone)
    flushNow()
    machine.leave()
    refuseWaiting(.connectionClosed)
    if machine.shouldClose(callsInProgress: calls.count) { context?.close(promise: nil) }
  }

  /// Has new and waiting callers refused.
  func refuseWaiting(_ error: RPCError) {
    guard let connection else { return }
    connection.shared.withLock { shared in
      connection.refuse(error, &shared)
      while let next = shared.waiting.next() { next.resume(throwing: error) }
    }
  }

  /// The connection is gone: so are its calls.
  func lose(_ error: RPCError) {
    guard !isGone else { return }
    isGone = true
    timer?.cancel()
    timer = nil
    var notStarted = error
    notStarted.cause = CallNotStarted()
    refuseWaiting(notStarted)
    let unsent = connection?.shared.withLock { shared in
      shared.output = ByteBuffer()
      shared.cancelled = []
      defer { shared.opened = [] }
      return shared.opened
    }
    context = nil
    for call in calls.removeAll() { call.end(error) }
    for call in unsent ?? [] { call.end(notStarted) }
    for body in onClose { body() }
    onClose = []
  }
}

extension RPCError {
  /// A connection was lost with calls in progress.
  static var connectionLost: RPCError { .unavailable("The connection to the server was lost") }
}
