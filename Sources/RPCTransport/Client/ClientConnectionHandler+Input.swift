internal import Logging
internal import NIOCore
internal import RPCCore
internal import Synchronization

extension ClientConnectionHandler {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !machine.isClosing else { return }
    if !isReading {
      isReading = true
      keepAlive.receive(now: .now)
    }
    decoder.append(unwrapInboundIn(data))
    do throws(ConnectionError) {
      while let frame = try decoder.next() {
        try receive(frame)
        if machine.isClosing { return }
      }
    } catch {
      fail(error)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    freeSlots()
    context.fireChannelReadComplete()
  }

  private func receive(_ frame: Frame) throws(ConnectionError) {
    switch frame.header.kind {
    case .message:
      guard frame.header.flags == [] else { throw .violation("A server's message with flags") }
      guard let call = try openCall(frame.header) else { return }
      if let broken = call.receive(frame.payload) { throw broken }
    case .status:
      guard let call = try openCall(frame.header) else { return }
      calls.remove(call.id)
      let ending = try ending(frame.payload)
      if !ending.trailers.isEmpty { call.onTrailers?(ending.trailers) }
      finish(call, ending.error)
    case .credit:
      guard let call = try openCall(frame.header) else { return }
      if let broken = call.receiveCredit(frame.integer(UInt32.self)) { throw broken }
    case .ping:
      let value = frame.integer(UInt64.self)
      connection?.write { $0.writeSignOfLife(.pong, value) }
    case .pong:
      guard keepAlive.receivePong(frame.integer(UInt64.self)) else {
        throw .violation("A pong that answers no ping")
      }
    case .goAway:
      try receiveFarewell(frame.payload)
    case .call, .cancel:
      throw .violation("A \(frame.header.kind) frame goes the other way")
    }
  }

  private func openCall(_ header: FrameHeader) throws(ConnectionError) -> ClientCall? {
    let call = calls[header.callID]
    switch machine.receiveFrame(callID: header.callID, isOpen: call != nil) {
    case .deliver: return call
    case .discard: return nil
    case .fail(let error): throw error
    }
  }

  private func ending(_ payload: ByteBuffer) throws(ConnectionError) -> CallEnding {
    guard payload.readableBytes > 0 else { return CallEnding(error: nil) }
    do {
      return try CallEnding(serializedBytes: [UInt8](buffer: payload))
    } catch {
      throw .violation("A status that cannot be decoded")
    }
  }

  private func receiveFarewell(_ payload: ByteBuffer) throws(ConnectionError) {
    let farewell: Farewell
    do {
      farewell = try Farewell(serializedBytes: [UInt8](buffer: payload))
    } catch {
      throw .violation("A GOAWAY that cannot be decoded")
    }
    let isError = farewell.code != .ok
    var error = RPCError.unavailable("The server ended the connection: \(farewell.message)")
    if isError { error.code = farewell.code }
    var notStarted = RPCError.unavailable(error.message)
    notStarted.cause = CallNotStarted()
    refuseWaiting(notStarted)
    switch machine.receiveGoAway(lastCallID: farewell.lastCallID, isError: isError) {
    case .refuseCalls(let last):
      for call in calls.all where call.id > last {
        calls.remove(call.id)
        finish(call, notStarted)
      }
    case .endAll(let last):
      for call in calls.removeAll() { finish(call, call.id > last ? notStarted : error) }
      context?.close(promise: nil)
    }
    freeSlots()
    if machine.shouldClose(callsInProgress: calls.count) { context?.close(promise: nil) }
  }

  /// Answers a broken rule: GOAWAY with the error, then the end of the connection.
  private func fail(_ error: ConnectionError) {
    guard machine.fail() else { return }
    logger.debug("server broke the rules of the wire", metadata: ["reason": "\(error.message)"])
    let farewell = Farewell(lastCallID: 0, code: error.code, message: error.message)
    farewell.serializedBytes().withUnsafeBytes { bytes in
      connection?.write { $0.writeFrame(.goAway, payload: bytes) }
    }
    flushNow()
    let context = context
    lose(RPCError(code: error.code, message: error.message))
    context?.close(promise: nil)
  }

  // MARK: Clock

  /// Has the clock looked at by a moment.
  func noteDeadline(_ deadline: Deadline) {
    if deadline < tickTime { scheduleTick(at: deadline) }
  }

  func scheduleTick(at time: Deadline) {
    guard !isGone else { return }
    timer?.cancel()
    tickTime = time
    // One timer serves all calls of the connection; a millisecond's slack merges near deadlines.
    let slack = NIODeadline.uptimeNanoseconds(
      UInt64(min(time.uptimeNanoseconds, UInt64(Int64.max) - 1_000_000)) + 1_000_000)
    timer = eventLoop.scheduleTask(deadline: slack) { [weak self] in self?.tick() }
  }

  private func tick() {
    let now = Deadline.now
    tickTime = .distantFuture
    var next = Deadline.distantFuture
    for call in calls.all {
      if call.deadline <= now {
        giveUp(call, .deadlineExceeded())
      } else {
        next = min(next, call.deadline)
      }
    }
    let (expired, earliest) =
      connection?.shared.withLock { shared in
        (shared.waiting.expire(at: now), shared.waiting.earliestDeadline)
      } ?? ([], .distantFuture)
    for waiter in expired { waiter.resume(throwing: RPCError.deadlineExceeded()) }
    next = min(next, earliest)
    freeSlots()
    if !calls.isEmpty {
      switch keepAlive.tick(now: now) {
      case .wait(let until):
        next = min(next, until)
      case .ping(let value, let until):
        connection?.write { $0.writeSignOfLife(.ping, value) }
        next = min(next, until)
      case .giveUp:
        let context = context
        lose(RPCError.unavailable("The server gave no sign of life"))
        context?.close(promise: nil)
        return
      }
    }
    if next < .distantFuture { scheduleTick(at: next) }
  }
}
