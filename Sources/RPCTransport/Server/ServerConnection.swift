internal import Logging
internal import NIOCore
internal import RPCCore

/// The server's side of a connection that speaks `clinic-rpc/1`: performs what the state machines
/// decide, runs calls as tasks on the connection's loop, and writes once per batch of reads.
///
/// Sendable without a lock: its state is touched on its event loop only.
final class ServerConnection: ChannelDuplexHandler, Flushable, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let eventLoop: any EventLoop
  let executor: LoopExecutor
  let router: Router
  let limits: ServerLimits
  let peer: PeerInfo
  let logger: Logger
  let refusals: RefusalLog
  /// Half of the ids that the server makes up for calls of this connection.
  let identifier = UInt64.random(in: .min ... .max)

  var decoder: FrameDecoder
  var machine: ServerConnectionStateMachine
  var keepAlive: KeepAliveStateMachine
  var calls = CallTable<ServerCall>()
  /// The last few call headers.
  var headers = CallHeaderCache()
  /// Bytes of requests that wait for handlers.
  var keptBytes = 0

  var context: ChannelHandlerContext?
  /// Frames of this turn.
  var output = ByteBuffer()
  var isFlushScheduled = false
  var isReading = false
  var isWritable = true
  var isReadHeldBack = false
  /// Holds back a caller that does not heed refusals.
  var brake = RefusalBrakeStateMachine()

  /// The next moment at which the clock matters, and the timer for it.
  var tickTime = Deadline.distantFuture
  var timer: Scheduled<Void>?
  var lastCallEnd: Deadline

  init(
    executor: LoopExecutor, router: Router, limits: ServerLimits, peer: PeerInfo, logger: Logger,
    refusals: RefusalLog
  ) {
    self.eventLoop = executor.eventLoop
    self.executor = executor
    self.router = router
    self.limits = limits
    self.peer = peer
    self.logger = logger
    self.refusals = refusals
    self.decoder = FrameDecoder(limits: FrameLimits(server: limits))
    self.machine = ServerConnectionStateMachine(callLimit: limits.callsPerConnection)
    let now = Deadline.now
    self.keepAlive = KeepAliveStateMachine(
      interval: limits.keepAliveInterval, timeout: limits.keepAliveTimeout, now: now)
    self.lastCallEnd = now
  }

  /// Runs a closure on the connection's loop: at once when already there.
  @inline(__always)
  func onLoop(_ body: @escaping @Sendable () -> Void) { eventLoop.runNow(body) }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    isWritable = context.channel.isWritable
    if context.channel.isActive { tick() }
  }

  func handlerRemoved(context: ChannelHandlerContext) { lose() }

  func channelActive(context: ChannelHandlerContext) {
    tick()
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    lose()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    refusals.note(error, from: peer.address)
    context.close(promise: nil)
  }

  func read(context: ChannelHandlerContext) {
    // A caller that does not read its replies gets no new calls served.
    if isWritable { context.read() } else { isReadHeldBack = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    // A caller that takes replies is alive, though its frames may be held back unread.
    keepAlive.receive(now: .now)
    if isWritable {
      if isReadHeldBack {
        isReadHeldBack = false
        context.read()
      }
      for call in calls.all { call.sendParked() }
    }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ConnectionDrainEvent { drain(reason: "The server is stopping") }
    context.fireUserInboundEventTriggered(event)
  }

  /// Announces the end, and closes once the calls in progress have ended.
  func drain(reason: String) {
    switch machine.drain() {
    case .none:
      return
    case .announce(let last):
      writeFarewell(Farewell(lastCallID: last, code: .ok, message: reason))
    case .announceAndClose(let last):
      writeFarewell(Farewell(lastCallID: last, code: .ok, message: reason))
      closeSoon()
    }
  }

  /// Answers a broken rule: GOAWAY with the error, then the end of the connection.
  func fail(_ error: ConnectionError) {
    guard let last = machine.fail() else { return }
    refusals.note(error.message, from: peer.address, over: "clinic-rpc/1")
    for call in calls.removeAll() {
      _ = call.machine.end()
      call.abandon(.cancelled("The connection broke the rules of the wire"))
    }
    writeFarewell(Farewell(lastCallID: last, code: error.code, message: error.message))
    closeSoon()
  }

  /// The connection is gone: so is what its calls were for.
  private func lose() {
    context = nil
    timer?.cancel()
    timer = nil
    output = ByteBuffer()
    for call in calls.removeAll() {
      _ = call.machine.end()
      call.abandon(.cancelled("The connection was lost"))
    }
  }

  /// Closes when the output has left and the caller had time to read it; a close with unread
  /// input would have the kernel throw the output away.
  private func closeSoon() {
    flushNow()
    guard let channel = context?.channel else { return }
    eventLoop.scheduleTask(in: .milliseconds(250)) { channel.close(promise: nil) }
  }

  func closeWhenFinished() { closeSoon() }
}

/// Asks a connection, through its pipeline, to end gracefully.
struct ConnectionDrainEvent: Sendable {}
