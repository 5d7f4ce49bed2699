internal import Logging
internal import NIOCore
internal import RPCCore

extension ServerConnection {
  /// A handler returned, or threw.
  func finish(_ call: ServerCall, _ failure: RPCError?) {
    call.task = nil
    if call.machine.end() {
      calls.remove(call.id)
      call.dropInbox()
      sendEnding(of: call, failure)
    }
    noteEnd()
  }

  /// Ends a call before its handler has: the handler is cancelled, and counted until it returns.
  func end(_ call: ServerCall, with error: RPCError, sendsStatus: Bool = true) {
    guard call.machine.end() else { return }
    calls.remove(call.id)
    let hasTask = call.task != nil
    call.abandon(error)
    if sendsStatus { sendEnding(of: call, error) }
    if !hasTask { noteEnd() }
  }

  private func sendEnding(of call: ServerCall, _ failure: RPCError?) {
    let reply = call.context.reply
    let trailers = Metadata(reply.headers.entries + reply.trailers.entries)
    guard var failure else {
      if !trailers.isEmpty {
        return writeStatus(callID: call.id, CallEnding(error: nil, trailers: trailers))
      }
      return writeFrame(
        .status, flags: .end, callID: call.id, payload: UnsafeRawBufferPointer(start: nil, count: 0)
      )
    }
    brake.note(failure, gate: peer.gate)
    failure.requestID = call.context.requestID
    writeStatus(callID: call.id, CallEnding(error: failure, trailers: trailers))
  }

  private func noteEnd() {
    let next = machine.finishCall()
    if machine.callsInProgress == 0 { lastCallEnd = .now }
    if next == .close { closeWhenFinished() }
  }

  // MARK: Clock

  /// Looks at everything that depends on the clock, and sets the timer for the next look.
  func tick() {
    guard context != nil else { return }
    let now = Deadline.now
    tickTime = .distantFuture
    var next = Deadline.distantFuture
    for call in calls.all {
      if call.context.deadline <= now {
        end(call, with: .deadlineExceeded())
      } else {
        next = min(next, call.context.deadline)
      }
    }
    switch keepAlive.tick(now: now) {
    case .wait(let until):
      next = min(next, until)
    case .ping(let value, let until):
      writeSignOfLife(.ping, value)
      next = min(next, until)
    case .giveUp:
      logger.debug("connection gave no sign of life")
      context?.close(promise: nil)
      return
    }
    if machine.isServing, machine.callsInProgress == 0 {
      forgetBuffers()
      let idleEnd = lastCallEnd.advanced(by: limits.idleTimeout)
      if now >= idleEnd { return drain(reason: "The connection was idle") }
      next = min(next, idleEnd)
    } else {
      next = min(next, now.advanced(by: limits.idleTimeout))
    }
    scheduleTick(at: next)
  }

  /// Has ``tick()`` called at a moment, if it is not called before.
  func scheduleTick(at time: Deadline) {
    guard time < tickTime else { return }
    timer?.cancel()
    tickTime = time
    // One timer serves all calls of the connection; a millisecond's slack merges near deadlines.
    let slack = NIODeadline.uptimeNanoseconds(
      UInt64(min(time.uptimeNanoseconds, UInt64(Int64.max) - 1_000_000)) + 1_000_000)
    timer = eventLoop.scheduleTask(deadline: slack) { [weak self] in self?.tick() }
  }
}
