package import NIOCore

/// Encrypts what goes out and decrypts what comes in; what both ends of a connection have in
/// common.
///
/// The handler only performs what ``TLSConnectionStateMachine`` decides. Handlers behind it see
/// plaintext, the user event ``TLSHandshakeCompleted``, `ChannelEvent.inputClosed` for the peer's
/// close_notify, and ``TLSError`` through `errorCaught`.
package class TLSHandler: ChannelDuplexHandler {
  package typealias InboundIn = ByteBuffer
  package typealias InboundOut = ByteBuffer
  package typealias OutboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  let session: TLSSession
  let limits: TLSConnectionLimits
  var machine = TLSConnectionStateMachine()
  var writes = TLSWriteQueue()
  /// Of the handshake, later of the close.
  var timer: Scheduled<Void>?
  var closePromise: EventLoopPromise<Void>?
  var closeOutputPromise: EventLoopPromise<Void>?
  /// Set while encrypting: a flush can call back into this handler.
  var isInsideEncryption = false
  private var isReadPending = false
  private var hasDelivered = false
  private var hasSentHandshake = false

  init(session: TLSSession, limits: TLSConnectionLimits) {
    self.session = session
    self.limits = limits
  }

  // MARK: The connection

  package func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { self.start(context) }
  }

  package func handlerRemoved(context: ChannelHandlerContext) {
    self.timer?.cancel()
    self.timer = nil
    self.settle()
  }

  package func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    self.start(context)
  }

  package func channelInactive(context: ChannelHandlerContext) {
    self.timer?.cancel()
    self.timer = nil
    self.reportEnd(context)
    self.settle()
    context.fireChannelInactive()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A peer that breaks off while we are saying goodbye is no news to anybody.
    if case .lingering = self.machine.state { return }
    context.fireErrorCaught(error)
  }

  private func start(_ context: ChannelHandlerContext) {
    guard self.machine.connected() else { return }
    self.schedule(self.limits.handshakeTimeout, context)
    var nothing = ByteBuffer()
    self.continueHandshake(context, &nothing)
    if self.machine.isHandshaking { context.read() }
  }

  /// Fails whatever still waits for a connection that is gone.
  private func settle() {
    self.writes.failAll(TLSError(code: .closed, message: "the connection is closed"))
    let promises = [self.closePromise.take(), self.closeOutputPromise.take()]
    for promise in promises { promise?.succeed(()) }
  }

  private func reportEnd(_ context: ChannelHandlerContext) {
    switch self.machine.inputEnded() {
    case .reportHandshakeFailure:
      context.fireErrorCaught(
        TLSError(code: .truncated, message: "the connection ended during the handshake"))
    case .reportTruncation:
      context.fireErrorCaught(
        TLSError(code: .truncated, message: "the connection ended without a close_notify"))
    case .nothing:
      break
    }
  }

  // MARK: Input

  package func read(context: ChannelHandlerContext) {
    self.isReadPending = true
    context.read()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var input = self.unwrapInboundIn(data)
    switch self.machine.received() {
    case .decryptAndDeliver:
      self.decrypt(context, &input)
    case .continueHandshake:
      self.continueHandshake(context, &input)
      if input.readableBytes > 0, case .decryptAndDeliver = self.machine.received() {
        self.decrypt(context, &input)
      }
    case .decryptAndDrop:
      self.decryptAndDrop(context, &input)
    case .drop:
      break
    }
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    if self.hasDelivered {
      self.hasDelivered = false
      self.isReadPending = false
      context.fireChannelReadComplete()
      return
    }
    context.fireChannelReadComplete()
    // A record that is not complete yet, or the handshake: whoever asked for bytes did not get any.
    if self.isReadPending || self.machine.isHandshaking { context.read() }
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .some(.inputClosed) = event as? ChannelEvent else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    // The peer's close_notify was reported already; an end without one leaves nothing to go on
    // with.
    guard case .open(isInputOpen: false, _) = self.machine.state else {
      self.reportEnd(context)
      context.close(promise: self.closePromise.take())
      return
    }
  }

  private func continueHandshake(_ context: ChannelHandlerContext, _ input: inout ByteBuffer) {
    let scratch = TLSScratch.current
    var output = scratch.take(.ciphertext, capacity: 4 << 10)
    let outcome = self.session.handshake(&input, into: &output)
    if output.readableBytes > 0 {
      self.hasSentHandshake = true
      context.writeAndFlush(self.wrapOutboundOut(output), promise: nil)
    }
    scratch.put(output, .ciphertext)
    switch outcome {
    case .needsMore:
      break
    case .done:
      self.finishHandshake(context)
    case .peerClosed:
      self.fail(
        context, TLSError(code: .handshakeFailed, message: "the peer closed during the handshake"))
    case .failed(let error):
      if !self.hasSentHandshake { self.sendPlainAlert(context) }
      self.fail(context, error)
    }
  }

  private func finishHandshake(_ context: ChannelHandlerContext) {
    self.timer?.cancel()
    self.timer = nil
    let negotiated = self.session.negotiated()
    if negotiated.applicationProtocol == nil, self.session.context.protocols.isRequired {
      self.fail(
        context,
        TLSError(code: .handshakeFailed, message: "the peer chose no application protocol"))
      return
    }
    self.machine.handshakeDone()
    context.fireUserInboundEventTriggered(negotiated)
    self.encryptPending(context)
  }

  /// OpenSSL says nothing to a peer whose first bytes are no TLS at all. We do: a fatal
  /// `unexpected_message`.
  private func sendPlainAlert(_ context: ChannelHandlerContext) {
    let alert = ByteBuffer(bytes: [21, 3, 3, 0, 2, 2, 10])
    context.writeAndFlush(self.wrapOutboundOut(alert), promise: nil)
  }

  private func decrypt(_ context: ChannelHandlerContext, _ input: inout ByteBuffer) {
    let scratch = TLSScratch.current
    var plaintext = scratch.take(.plaintext, capacity: input.readableBytes)
    let outcome = self.decrypt(context, &input, into: &plaintext)
    if plaintext.readableBytes > 0 {
      self.hasDelivered = true
      context.fireChannelRead(self.wrapInboundOut(plaintext))
    }
    scratch.put(plaintext, .plaintext)
    self.perform(outcome, context)
  }

  private func decryptAndDrop(_ context: ChannelHandlerContext, _ input: inout ByteBuffer) {
    var plaintext = ByteBuffer()
    let outcome = self.decrypt(context, &input, into: &plaintext)
    self.perform(outcome, context)
  }

  private func decrypt(
    _ context: ChannelHandlerContext, _ input: inout ByteBuffer, into plaintext: inout ByteBuffer
  ) -> TLSOutcome {
    var output = ByteBuffer()
    let outcome = self.session.decrypt(&input, into: &plaintext, output: &output)
    if output.readableBytes > 0 {
      context.writeAndFlush(self.wrapOutboundOut(output), promise: nil)
    }
    return outcome
  }

  private func perform(_ outcome: TLSOutcome, _ context: ChannelHandlerContext) {
    switch outcome {
    case .done, .needsMore: break
    case .peerClosed: self.peerDone(context)
    case .failed(let error): self.fail(context, error)
    }
  }

  // MARK: Output

  package func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    guard self.machine.isEncrypting || self.machine.isBeforeOpen else {
      promise?.fail(TLSError(code: .closed, message: "the connection is closed for writing"))
      return
    }
    self.writes.append(self.unwrapOutboundIn(data), promise: promise)
    if self.machine.isBeforeOpen, self.writes.byteCount > self.limits.maximumPendingBytes {
      self.fail(
        context,
        TLSError(
          code: .bufferLimitExceeded,
          message: "more than \(self.limits.maximumPendingBytes) bytes before the handshake ended"))
    }
  }

  package func flush(context: ChannelHandlerContext) {
    self.writes.flush()
    self.encryptPending(context)
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    self.encryptPending(context)
    context.fireChannelWritabilityChanged()
  }

  package func close(
    context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
  ) {
    switch mode {
    case .all: self.closeAll(context, promise)
    case .output: self.closeOutput(context, promise)
    case .input: promise?.fail(ChannelError.operationUnsupported)
    }
  }
}
