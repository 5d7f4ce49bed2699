internal import NIOCore
internal import RPCCore

extension ServerConnection {
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
      decoder.detach()
    } catch {
      fail(error)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    flushNow()
    context.fireChannelReadComplete()
  }

  private func receive(_ frame: Frame) throws(ConnectionError) {
    switch frame.header.kind {
    case .call:
      try receiveCall(frame)
    case .message:
      if let call = try openCall(frame.header) { try receiveMessage(frame, for: call) }
    case .credit:
      guard let call = try openCall(frame.header) else { return }
      guard call.machine.receiveCredit(frame.integer(UInt32.self)) else {
        throw .violation("A grant of credit beyond the greatest window")
      }
      call.sendParked()
    case .cancel:
      if let call = try openCall(frame.header) {
        end(call, with: .cancelled(), sendsStatus: false)
      }
    case .ping:
      writeSignOfLife(.pong, frame.integer(UInt64.self))
    case .pong:
      guard keepAlive.receivePong(frame.integer(UInt64.self)) else {
        throw .violation("A pong that answers no ping")
      }
    case .goAway:
      if machine.receiveGoAway() == .close { closeWhenFinished() }
    case .status:
      throw .violation("A status frame goes the other way")
    }
  }

  private func openCall(_ header: FrameHeader) throws(ConnectionError) -> ServerCall? {
    let call = calls[header.callID]
    switch machine.receiveFrame(callID: header.callID, isOpen: call != nil) {
    case .deliver: return call
    case .discard: return nil
    case .fail(let error): throw error
    }
  }

  private func receiveCall(_ frame: Frame) throws(ConnectionError) {
    let id = frame.header.callID
    switch machine.receiveCall(id: id) {
    case .open:
      break
    case .refuse:
      let error = RPCError.resourceExhausted(
        "This connection has \(limits.callsPerConnection) calls in progress",
        reason: "TOO_MANY_CALLS")
      brake.note(error, gate: peer.gate)
      return refuse(id, error)
    case .discard:
      return
    case .fail(let error):
      throw error
    }
    do throws(RPCError) {
      let header = try headers.header(frame.payload, of: self)
      open(id, header)
    } catch {
      refuse(id, error)
      if machine.finishCall() == .close { closeWhenFinished() }
    }
  }

  /// Ends a call that never began. It has a name too.
  private func refuse(_ id: UInt32, _ error: RPCError) {
    var error = error
    error.requestID = error.requestID ?? madeIdentifier(id).text
    writeStatus(callID: id, CallEnding(error: error))
  }

  /// The server's own name for a call.
  private func madeIdentifier(_ id: UInt32) -> RequestIdentifier {
    .made(connection: identifier, call: UInt64(id))
  }

  private func open(_ id: UInt32, _ header: CallHeaderCache.Entry) {
    let given = header.call.requestID
    let context = header.call.context(given.isEmpty ? madeIdentifier(id) : .given(given))
    let deadline = context.deadline
    let route = header.call.route
    let call = ServerCall(id: id, connection: self, route: route, context: context)
    calls.append(call, id: id)
    if deadline < tickTime { scheduleTick(at: deadline) }
    if route.method.kind.streamsRequests { call.start() }
  }

  private func receiveMessage(_ frame: Frame, for call: ServerCall) throws(ConnectionError) {
    let length = frame.payload.readableBytes
    switch call.machine.receiveMessage(length: length, flags: frame.header.flags) {
    case .keep:
      keep(frame.payload, for: call)
    case .keepAndStart:
      if keep(frame.payload, for: call) { call.start() }
    case .start:
      call.start()
    case .queue(let isLast):
      if keep(frame.payload, for: call), isLast { call.endRequests() }
    case .endRequests:
      call.endRequests()
    case .refuse(let refusal):
      end(call, with: .invalidArgument(refusal.rawValue, reason: "REQUEST_COUNT"))
    case .fail(let error):
      throw error
    }
  }

  /// Keeps a request, unless the connection's memory is used up: then the call ends.
  @discardableResult
  private func keep(_ payload: ByteBuffer, for call: ServerCall) -> Bool {
    // What waits is no slice of what was read with it, and what is counted is what it takes.
    let payload = payload.detached()
    guard
      keptBytes + decoder.keptBytes + ServerCall.keptCost(of: payload) <= limits.connectionBytes
    else {
      end(
        call,
        with: .resourceExhausted(
          "This connection has too many bytes waiting", reason: "CONNECTION_MEMORY"))
      return false
    }
    call.deliver(payload)
    return true
  }
}

extension Frame {
  /// The payload of a frame that is one integer; the decoder has checked its length.
  func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer {
    payload.getInteger(at: payload.readerIndex) ?? 0
  }
}
