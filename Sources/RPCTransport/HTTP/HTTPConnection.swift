internal import Logging
internal import NIOCore
internal import RPCCore

/// What the calls of one HTTP connection share.
///
/// Sendable without a lock: its state is touched on its event loop only.
final class HTTPConnection: @unchecked Sendable {
  let executor: LoopExecutor
  let router: Router
  let limits: ServerLimits
  let origins: WebOrigins
  let peer: PeerInfo
  let logger: Logger
  let refusals: RefusalLog
  /// Holds back a caller that does not heed refusals.
  private var brake = RefusalBrakeStateMachine()
  /// Half of the ids that the server makes up for calls of this connection.
  private let identifier = UInt64.random(in: .min ... .max)
  private var callCount: UInt64 = 0

  /// Calls whose handler has not returned, ended or not.
  private(set) var callsInProgress = 0
  /// Bytes of requests that wait for handlers.
  var keptBytes = 0
  /// Bytes of replies that wait for the caller.
  var unsentBytes = 0
  /// How often the caller asks for a sign of life.
  var pings: PingPolicy

  init(
    executor: LoopExecutor, router: Router, limits: ServerLimits, origins: WebOrigins,
    peer: PeerInfo, logger: Logger, refusals: RefusalLog
  ) {
    self.executor = executor
    self.router = router
    self.limits = limits
    self.origins = origins
    self.peer = peer
    self.logger = logger
    self.refusals = refusals
    self.pings = PingPolicy(interval: limits.pingInterval)
  }

  var eventLoop: any EventLoop { executor.eventLoop }

  /// Counts a call in, unless too many are in progress.
  func beginCall() throws(RPCError) {
    guard callsInProgress < limits.callsPerConnection else {
      throw .resourceExhausted(
        "This connection has \(limits.callsPerConnection) calls in progress",
        reason: "TOO_MANY_CALLS")
    }
    callsInProgress += 1
  }

  /// Counts a call out: its handler returned.
  func endCall() { callsInProgress -= 1 }

  /// A call ended with an error.
  func noteEnd(_ failure: RPCError?) { brake.note(failure, gate: peer.gate) }

  /// The name of a new call: what the caller gives it, if that can be one, or the server's own.
  func identify(_ given: String?) -> RequestIdentifier {
    callCount += 1
    if let given, given.isUUID { return .given(given) }
    return .made(connection: identifier, call: callCount)
  }

  /// Judges what opens a call.
  func admit(
    _ opening: CallOpening, as identifier: RequestIdentifier
  ) throws(RPCError) -> (Route, CallContext) {
    let call = try AdmittedCall(opening, router: router, peer: peer, logger: logger)
    return (call.route, call.context(identifier))
  }

  /// Whether there is room for more bytes that wait.
  func hasRoom(for bytes: Int) -> Bool {
    keptBytes + unsentBytes + bytes <= limits.connectionBytes
  }
}

/// What carries one call of an HTTP connection: a stream of HTTP/2, or a connection of HTTP/1.1.
protocol HTTPCarrier: AnyObject {
  /// Whether the caller takes what is sent.
  var isWritable: Bool { get }
  /// Sends parts of the response.
  func send(_ parts: [HTTPPart])
  /// Has the carrier read on, now that the call wants more.
  func readOn()
  /// Cuts off what the caller does not take.
  func reset()
}
