internal import DequeModule
internal import NIOCore
internal import ProtobufRuntime
internal import RPCCore

/// One call on a server's connection.
///
/// Sendable without a lock: its state is touched on the connection's event loop only. The call's
/// task runs there too; what its children do elsewhere hops to the loop first.
final class ServerCall: @unchecked Sendable {
  let id: UInt32
  let connection: ServerConnection
  let route: Route
  let context: CallContext

  var machine: ServerCallStateMachine
  /// Requests that have arrived and were not read: one for methods of one request.
  var inbox = Deque<ByteBuffer>()
  /// Whether no request follows those in the inbox.
  var requestsEnded = false
  /// A handler that waits for a request.
  var reader: Waiter<ByteBuffer?>?
  /// Replies that wait for credit, in order.
  var parked = Deque<ParkedReply>()
  /// The running handler.
  var task: LoopTask?

  /// A reply that waits for credit, and the handler that waits with it.
  struct ParkedReply {
    let bytes: ByteBuffer
    let waiter: Waiter<Void>
  }

  /// The memory that a request takes while it waits: its bytes, their storage's own fields and
  /// their place in the inbox.
  static func keptCost(of bytes: ByteBuffer) -> Int { bytes.readableBytes + 128 }

  init(id: UInt32, connection: ServerConnection, route: Route, context: CallContext) {
    self.id = id
    self.connection = connection
    self.route = route
    self.context = context
    self.machine = ServerCallStateMachine(kind: route.method.kind)
  }

  /// Calls the handler.
  func start() {
    // Frames start calls, and the connection owns each one's task: it cancels it when the call ends
    // early and counts it until it returns.
    task = connection.executor.start { [self] in
      let failure: RPCError?
      do {
        try await connection.router.serve(context, by: route, over: self)
        failure = nil
      } catch {
        failure = RPCError(mapping: error)
      }
      connection.onLoop { [self] in
        connection.finish(self, failure)
      }
    }
  }

  /// Queues a request, or hands it to the handler that waits for one.
  func deliver(_ bytes: ByteBuffer) {
    guard let reader, reader.isWaiting else {
      connection.keptBytes += Self.keptCost(of: bytes)
      inbox.append(bytes)
      return
    }
    self.reader = nil
    grantCredit(for: bytes)
    reader.resume(returning: bytes)
  }

  /// Says that no request follows.
  func endRequests() {
    requestsEnded = true
    reader.take()?.resume(returning: nil)
  }

  /// Sends what waits for credit, as far as it goes.
  func sendParked() {
    while let next = parked.first, machine.maySend, connection.isWritable {
      parked.removeFirst()
      guard next.waiter.isWaiting else { continue }
      machine.send(length: next.bytes.readableBytes)
      next.bytes.withUnsafeReadableBytes {
        connection.writeFrame(.message, callID: id, payload: $0)
      }
      next.waiter.resume(returning: ())
    }
  }

  /// Wakes everything that waits in the handler, and cancels it.
  func abandon(_ error: RPCError) {
    dropInbox()
    requestsEnded = true
    reader.take()?.resume(throwing: error)
    let parked = self.parked
    self.parked = []
    for reply in parked { reply.waiter.resume(throwing: error) }
    task?.cancel()
  }

  /// Forgets requests that nobody will read.
  func dropInbox() {
    for bytes in inbox {
      connection.keptBytes -= Self.keptCost(of: bytes)
    }
    inbox = []
  }

  /// Takes the oldest request out of the inbox.
  func takeFromInbox() -> ByteBuffer? {
    guard let bytes = inbox.popFirst() else { return nil }
    connection.keptBytes -= Self.keptCost(of: bytes)
    return bytes
  }

  /// Grants the caller credit for a request that the handler reads.
  func grantCredit(for bytes: ByteBuffer) {
    if let credit = machine.consume(length: bytes.readableBytes) {
      connection.writeCredit(credit, callID: id)
    }
  }
}
