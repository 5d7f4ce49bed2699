package import Logging
internal import NIOCore
package import RPCCore
internal import Synchronization

/// A connection to a server that any number of tasks make calls on.
///
/// Callers on any thread append frames to one buffer under a short lock; the loop takes the buffer
/// as a whole and writes it once per turn.
package final class ClientConnection: Sendable {
  /// What callers and the loop share.
  struct Shared {
    /// Frames that wait to be written.
    var output = ByteBuffer()
    /// Calls whose CALL frame is in `output`.
    var opened: [ClientCall] = []
    /// Ids of calls that their callers gave up.
    var cancelled: [UInt32] = []
    /// Whether the loop is on its way to take all this.
    var isScheduled = false
    var nextCallID: UInt32 = 1
    var callsInProgress = 0
    /// Callers that wait for a call to end.
    var waiting = SlotQueue()
    /// Why no new call is opened, once that is so.
    var refusal: RPCError?
    var headers = CallHeaderEncoder()
  }

  let shared = Mutex(Shared())
  /// Whether new calls may be opened, without a lock for those who choose a connection.
  private let usable = Atomic(true)
  let limits: ClientLimits
  let handler: ClientConnectionHandler
  /// Runs tasks on the connection's loop: a task that runs there makes its calls without changing
  /// threads.
  package let executor: LoopExecutor

  package init(executor: LoopExecutor, limits: ClientLimits, logger: Logger) {
    self.executor = executor
    self.limits = limits
    self.handler = ClientConnectionHandler(executor: executor, limits: limits, logger: logger)
    handler.connection = self
  }

  deinit {
    executor.eventLoop.execute { [handler] in handler.context?.close(promise: nil) }
  }

  /// Calls in progress.
  package var callsInProgress: Int { shared.withLock { $0.callsInProgress } }

  /// Whether new calls may be opened.
  package var isUsable: Bool { usable.load(ordering: .relaxed) }

  /// Has new calls refused from now on, for the first reason given.
  func refuse(_ error: RPCError, _ shared: inout Shared) {
    usable.store(false, ordering: .relaxed)
    shared.refusal = shared.refusal ?? error
  }

  /// What became of a call that was to be opened.
  enum Opening {
    case opened
    /// As many calls are in progress as the limits allow.
    case full
    case refused(RPCError)
  }

  /// Opens a call: CALL and, in the same write, its first message.
  func open(
    _ call: ClientCall, _ header: CallOpening, message: UnsafeRawBufferPointer?,
    holdsSlot: Bool = false
  ) -> Opening {
    let (opening, schedules) = shared.withLock { shared -> (Opening, Bool) in
      if let refusal = shared.refusal {
        if holdsSlot { shared.callsInProgress -= 1 }
        return (.refused(refusal), false)
      }
      if !holdsSlot {
        guard shared.callsInProgress < limits.callsPerConnection else { return (.full, false) }
        shared.callsInProgress += 1
      }
      call.id = shared.nextCallID
      shared.nextCallID += 1
      if shared.nextCallID == .max { refuse(.connectionUsedUp, &shared) }
      shared.headers.write(header, callID: call.id, to: &shared.output)
      if let message {
        shared.output.writeFrame(.message, flags: .end, callID: call.id, payload: message)
      }
      shared.opened.append(call)
      return (.opened, shared.schedule())
    }
    if schedules { scheduleDrain() }
    return opening
  }

  /// Appends frames of a call that is open.
  func write(_ body: (inout ByteBuffer) -> Void) {
    let schedules = shared.withLock { shared in
      body(&shared.output)
      return shared.schedule()
    }
    if schedules { scheduleDrain() }
  }

  /// Gives up a call. The loop ends it, if it has not ended. A call that is not open yet has to be
  /// given up again by who opens it.
  func cancel(_ call: ClientCall) {
    let schedules = shared.withLock { shared in
      guard call.id > 0 else { return false }
      shared.cancelled.append(call.id)
      return shared.schedule()
    }
    if schedules { scheduleDrain() }
  }

  private func scheduleDrain() {
    if executor.eventLoop.inEventLoop {
      executor.flushLater(handler)
    } else {
      executor.eventLoop.execute { [handler] in handler.flushNow() }
    }
  }

  /// Waits until a call may be opened; the caller then holds the slot.
  func waitForSlot(until deadline: Deadline) async throws {
    let waiter = SlotWaiter(deadline: deadline)
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let refusal = shared.withLock { shared -> RPCError? in
          if let refusal = shared.refusal { return refusal }
          // A cancellation from here on waits for the lock, and finds the waiter queued.
          if Task.isCancelled { return .cancelled() }
          if shared.callsInProgress < limits.callsPerConnection {
            shared.callsInProgress += 1
            continuation.resume()
          } else {
            shared.waiting.append(waiter, continuation)
          }
          return nil
        }
        if let refusal { continuation.resume(throwing: refusal) }
        executor.eventLoop.execute { [handler] in handler.noteDeadline(deadline) }
      }
    } onCancel: {
      let continuation = shared.withLock { $0.waiting.cancel(waiter) }
      continuation?.resume(throwing: RPCError.cancelled())
    }
  }

  /// Opens no more calls, waits for those in progress, and closes.
  package func close() async {
    shared.withLock { refuse(.connectionClosed, &$0) }
    await withUnsafeContinuation { continuation in
      executor.eventLoop.runNow { [handler] in
        handler.leave { continuation.resume() }
      }
    }
  }
}

extension ClientConnection.Shared {
  /// Notes that the loop has something to take. Returns whether it has to be told.
  mutating func schedule() -> Bool {
    defer { isScheduled = true }
    return !isScheduled
  }
}

extension RPCError {
  /// A connection has no call ids left.
  static var connectionUsedUp: RPCError {
    .unavailable("The connection has no call ids left", cause: CallNotStarted())
  }

  /// The owner of a connection closes it.
  static var connectionClosed: RPCError {
    .unavailable("The connection is being closed", cause: CallNotStarted())
  }
}
