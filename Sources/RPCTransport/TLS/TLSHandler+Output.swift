internal import NIOCore

extension TLSHandler {
  /// The most plaintext that is encrypted before looking at the channel's writability again, in
  /// bytes.
  private static var maximumChunk: Int { 4 * TLSSession.maximumRecord }

  /// Encrypts what was flushed, as long as the channel is writable; the rest waits, not copied,
  /// until it is writable again.
  func encryptPending(_ context: ChannelHandlerContext) {
    guard !self.isInsideEncryption, self.machine.isEncrypting else { return }
    self.isInsideEncryption = true
    let channel = context.channel
    while self.canEncrypt(channel) {
      repeat {
        guard self.encryptChunk(context) else { break }
      } while self.canEncrypt(channel)
      context.flush()
    }
    self.isInsideEncryption = false
    if self.writes.flushedCount == 0 { self.finishOutput(context) }
  }

  @inline(__always)
  private func canEncrypt(_ channel: any Channel) -> Bool {
    self.writes.flushedCount > 0 && self.machine.isEncrypting && channel.isWritable
  }

  /// Encrypts one piece; answers whether that worked.
  private func encryptChunk(_ context: ChannelHandlerContext) -> Bool {
    let scratch = TLSScratch.current
    let promise: EventLoopPromise<Void>?
    let outcome: TLSOutcome
    var output: ByteBuffer
    if self.writes.isFirstEncryptedInPlace {
      var write = self.writes.takeFirst()
      let count = min(write.buffer.readableBytes, Self.maximumChunk)
      output = scratch.take(.ciphertext, capacity: TLSSession.ciphertextBound(count))
      outcome = write.buffer.withUnsafeReadableBytes {
        self.session.encrypt(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &output)
      }
      if count < write.buffer.readableBytes {
        write.buffer.moveReaderIndex(forwardBy: count)
        promise = nil
        self.writes.putBack(write)
      } else {
        promise = write.promise
      }
    } else {
      var record = scratch.take(.gathered, capacity: TLSSession.maximumRecord)
      promise = self.writes.gather(into: &record, limit: TLSSession.maximumRecord)
      output = scratch.take(.ciphertext, capacity: TLSSession.ciphertextBound(record.readableBytes))
      outcome = record.withUnsafeReadableBytes { self.session.encrypt($0, into: &output) }
      scratch.put(record, .gathered)
    }
    if case .failed(let error) = outcome {
      promise?.fail(error)
      self.fail(context, error)
      return false
    }
    context.write(self.wrapOutboundOut(output), promise: promise)
    scratch.put(output, .ciphertext)
    return true
  }
}

// MARK: Closing

extension TLSHandler {
  func closeAll(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    switch self.machine.closeRequested() {
    case .finishOutput:
      self.join(&self.closePromise, promise)
      self.writes.failUnflushed(TLSError(code: .closed, message: "closed before it was flushed"))
      self.schedule(self.limits.closeTimeout, context)
      self.encryptPending(context)
    case .join:
      self.join(&self.closePromise, promise)
      if self.timer == nil { self.schedule(self.limits.closeTimeout, context) }
    case .closeNow:
      context.close(promise: promise)
    case .alreadyClosed:
      promise?.fail(ChannelError.alreadyClosed)
    }
  }

  func closeOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    switch self.machine.closeOutputRequested() {
    case .finishOutput:
      self.join(&self.closeOutputPromise, promise)
      self.writes.failUnflushed(TLSError(code: .closed, message: "closed before it was flushed"))
      self.encryptPending(context)
    case .closeNow:
      context.close(promise: promise)
    case .join, .alreadyClosed:
      promise?.fail(ChannelError.outputClosed)
    }
  }

  /// The peer's close_notify came.
  func peerDone(_ context: ChannelHandlerContext) {
    let option = ChannelOptions.Types.AllowRemoteHalfClosureOption()
    let allows = (try? context.channel.syncOptions?.getOption(option)) ?? false
    switch self.machine.peerDone(allowsHalfClosure: allows) {
    case .reportInputClosed:
      context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    case .finishOutput:
      self.writes.failUnflushed(TLSError(code: .closed, message: "the peer closed the connection"))
      if self.timer == nil { self.schedule(self.limits.closeTimeout, context) }
      self.encryptPending(context)
    case .closeNow:
      context.close(promise: self.closePromise.take())
    case .ignore:
      break
    }
  }

  /// Everything flushed is encrypted; says goodbye if that was asked for.
  func finishOutput(_ context: ChannelHandlerContext) {
    switch self.machine.outputFinished() {
    case .nothing:
      break
    case .sendCloseNotifyAndEndOutput:
      self.sendCloseNotify(context)
      context.close(mode: .output, promise: self.closeOutputPromise.take())
    case .sendCloseNotifyAndLinger:
      self.sendCloseNotify(context)
      self.linger(context)
    case .sendCloseNotifyAndClose:
      self.sendCloseNotify(context)
      self.closeOutputPromise.take()?.succeed(())
      context.close(promise: self.closePromise.take())
    }
  }

  /// Reports a failure, lets its alert go out, and closes.
  func fail(_ context: ChannelHandlerContext, _ error: TLSError) {
    let isNews = self.machine.failed()
    guard case .lingering(isBroken: true) = self.machine.state else { return }
    self.writes.failAll(error)
    self.closeOutputPromise.take()?.fail(error)
    self.schedule(self.limits.closeTimeout, context)
    if isNews { context.fireErrorCaught(error) }
    self.linger(context)
  }

  private func linger(_ context: ChannelHandlerContext) {
    guard case .lingering = self.machine.state else { return }
    context.close(mode: .output, promise: nil)
    // Nobody behind us asks for bytes any more, but the peer's end has to be noticed.
    context.read()
  }

  private func sendCloseNotify(_ context: ChannelHandlerContext) {
    let scratch = TLSScratch.current
    var output = scratch.take(.ciphertext, capacity: 64)
    self.session.closeOutput(into: &output)
    if output.readableBytes > 0 {
      context.writeAndFlush(self.wrapOutboundOut(output), promise: nil)
    }
    scratch.put(output, .ciphertext)
  }

  private func join(
    _ waiting: inout EventLoopPromise<Void>?, _ promise: EventLoopPromise<Void>?
  ) {
    guard let promise else { return }
    if let waiting {
      waiting.futureResult.cascade(to: promise)
    } else {
      waiting = promise
    }
  }

  // MARK: Time

  /// Starts the timer anew.
  func schedule(_ delay: TimeAmount, _ context: ChannelHandlerContext) {
    self.timer?.cancel()
    self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
      self.timerFired(context)
    }
  }

  private func timerFired(_ context: ChannelHandlerContext) {
    self.timer = nil
    switch self.machine.timerFired() {
    case .failHandshake:
      self.fail(
        context,
        TLSError(
          code: .handshakeTimedOut,
          message: "no handshake within \(self.limits.handshakeTimeout.nanoseconds / 1_000_000) ms")
      )
    case .closeNow:
      self.closeOutputPromise.take()?.succeed(())
      context.close(promise: self.closePromise.take())
    case .ignore:
      break
    }
  }
}
