internal import DequeModule
internal import NIOCore
internal import RPCCore

/// One call on an HTTP connection: performs what its state machine decides.
///
/// Sendable without a lock: its state is touched on the connection's event loop only. The call's
/// task runs there too; what its children do elsewhere hops to the loop first.
final class HTTPCall: @unchecked Sendable {
  let connection: HTTPConnection
  /// What carries the call; nil when it is gone.
  var carrier: (any HTTPCarrier)?
  var machine: HTTPCallStateMachine
  private(set) var context: CallContext?
  /// The call's name, from its head on: every error has it.
  private var identifier: RequestIdentifier?
  private var route: Route?
  /// The page that is read, and what its path names; nil for what is written as a call.
  private(set) var page: (page: Page, name: String)?
  /// How messages are written: set before the handler is called, and never after.
  private(set) var coding = CallDialect.Coding.proto

  /// A request that has arrived and was not read.
  struct Request {
    let bytes: ByteBuffer
    let isCompressed: Bool
  }

  /// A reply that waits for the caller, and the handler that waits with it.
  struct ParkedReply {
    let bytes: ByteBuffer
    let isCompressed: Bool
    let waiter: Waiter<Void>
  }

  var inbox = Deque<Request>()
  /// Whether no request follows those in the inbox.
  var requestsEnded = false
  /// A handler that waits for a request.
  var reader: Waiter<Request?>?
  var parked = Deque<ParkedReply>()
  private var task: LoopTask?
  private var timer: Scheduled<Void>?
  private var keptBytes = 0
  private var isCounted = false

  init(connection: HTTPConnection, carrier: any HTTPCarrier) {
    self.connection = connection
    self.carrier = carrier
    self.machine = HTTPCallStateMachine(limits: connection.limits, origins: connection.origins)
  }

  // MARK: Request

  func receiveHead(_ head: HTTPCallHead) {
    let identifier = connection.identify(head.fields["x-request-id"])
    self.identifier = identifier
    page = connection.router.page(at: head.path)
    switch page.map({ machine.receiveHead(head, for: $0.page) }) ?? machine.receiveHead(head) {
    case .respond(let parts): send(parts)
    case .refuse(let error): respond(error)
    case .open(let opening): open(opening, as: identifier)
    }
  }

  private func open(_ opening: CallOpening, as identifier: RequestIdentifier) {
    let route: Route
    let context: CallContext
    do throws(RPCError) {
      (route, context) = try connection.admit(opening, as: identifier)
    } catch {
      let error = named(error)
      return send(error.code == .unimplemented ? machine.refusePath(error) : machine.end(error))
    }
    if let refusal = machine.open(route.method.kind) { return send(refusal) }
    do throws(RPCError) {
      try connection.beginCall()
    } catch {
      return respond(error)
    }
    isCounted = true
    if let dialect = machine.dialect { coding = dialect.coding }
    self.route = route
    self.context = context
    timer = connection.eventLoop.scheduleTask(
      deadline: .uptimeNanoseconds(min(context.deadline.uptimeNanoseconds, UInt64(Int64.max)))
    ) { [weak self] in self?.passDeadline() }
    if route.method.kind.streamsRequests { start() }
  }

  func receiveBody(_ bytes: ByteBuffer) {
    machine.receiveBody(bytes)
    takeRequests()
  }

  func receiveEnd() {
    machine.receiveEnd()
    takeRequests()
  }

  /// Whether the carrier is to read on.
  var wantsMore: Bool { context == nil || machine.isEnded || inbox.isEmpty || !streamsRequests }

  private var streamsRequests: Bool { route?.method.kind.streamsRequests == true }

  /// Takes out of the body what the handler is ready for, and counts what waits.
  func takeRequests() {
    var goesOn = true
    while goesOn, !machine.isEnded, inbox.isEmpty || !streamsRequests {
      switch machine.nextRequest() {
      case .wait: goesOn = false
      case .message(let bytes, let isCompressed):
        deliver(Request(bytes: bytes, isCompressed: isCompressed))
      case .start: start()
      case .end:
        requestsEnded = true
        reader.take()?.resume(returning: nil)
      case .refuse(let error): end(with: error)
      }
    }
    countKept()
  }

  private func deliver(_ request: Request) {
    guard let reader, reader.isWaiting else {
      return inbox.append(
        Request(bytes: request.bytes.detached(), isCompressed: request.isCompressed))
    }
    self.reader = nil
    reader.resume(returning: request)
  }

  private func countKept() {
    let waiting = inbox.reduce(machine.keptBytes) { $0 + $1.bytes.readableBytes }
    let now = machine.isEnded ? 0 : waiting
    connection.keptBytes += now - keptBytes
    keptBytes = now
    if !connection.hasRoom(for: 0), now > 0 {
      end(
        with: .resourceExhausted(
          "This connection has too many bytes waiting", reason: "CONNECTION_MEMORY"))
    }
  }

  // MARK: Handler

  private func start() {
    guard let context, let route else { return }
    // Requests start calls, and this one owns its task: it cancels it when the call ends early and
    // is counted until it returns.
    task = connection.executor.start { [self] in
      let failure: RPCError?
      do {
        try await connection.router.serve(context, by: route, over: self)
        failure = nil
      } catch {
        failure = RPCError(mapping: error)
      }
      connection.eventLoop.runNow { [self] in finishHandler(failure) }
    }
  }

  private func finishHandler(_ failure: RPCError?) {
    task = nil
    respond(failure)
    countOut()
  }

  private func countOut() {
    guard isCounted else { return }
    isCounted = false
    connection.endCall()
  }

  // MARK: End

  /// Ends a call before its handler has: the handler is cancelled, and counted until it returns.
  func end(with error: RPCError) {
    guard !machine.isEnded else { return }
    respond(error)
    abandon(error)
  }

  /// The carrier is gone: so is what the call was for.
  func lose() {
    carrier = nil
    timer?.cancel()
    timer = nil
    machine.lose()
    abandon(.cancelled("The caller is gone"))
  }

  private func respond(_ failure: RPCError?) {
    guard !machine.isEnded else { return }
    connection.noteEnd(failure)
    send(machine.end(failure.map(named), beside: context?.reply ?? ReplyMetadata()))
    dropRequests()
  }

  /// An error with the call's name.
  private func named(_ error: RPCError) -> RPCError {
    var error = error
    error.requestID = identifier?.text
    return error
  }

  private func abandon(_ error: RPCError) {
    dropRequests()
    reader.take()?.resume(throwing: error)
    let parked = self.parked
    self.parked = []
    for reply in parked { reply.waiter.resume(throwing: error) }
    if let task { task.cancel() } else { countOut() }
  }

  private func dropRequests() {
    inbox = []
    requestsEnded = true
    connection.keptBytes -= keptBytes
    keptBytes = 0
    carrier?.readOn()
  }

  /// The deadline passed: the call ends, and replies that the caller does not take are dropped.
  private func passDeadline() {
    if machine.isEnded { carrier?.reset() } else { end(with: .deadlineExceeded()) }
  }

  // MARK: Replies

  func send(_ parts: [HTTPPart]) {
    guard !parts.isEmpty, let carrier else { return }
    connection.pings.noteOutput()
    carrier.send(parts)
  }

  /// Sends what waits for the caller, as far as it goes.
  func sendParked() {
    while let next = parked.first, let carrier, carrier.isWritable, !machine.isEnded {
      parked.removeFirst()
      guard next.waiter.isWaiting else { continue }
      reply(next.bytes, isCompressed: next.isCompressed)
      next.waiter.resume(returning: ())
    }
  }

  func reply(_ bytes: ByteBuffer, isCompressed: Bool) {
    guard let context else { return }
    send(machine.reply(bytes, isCompressed: isCompressed, beside: context.reply))
  }
}
