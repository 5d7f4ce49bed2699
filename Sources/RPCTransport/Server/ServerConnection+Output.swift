internal import NIOCore
internal import RPCCore

extension ServerConnection {
  /// Bytes of output after which a turn does not wait for its end.
  private static let earlyFlushBytes = 131_072

  /// Bytes of output buffer that a connection without calls keeps.
  private static let idleOutputBytes = 4_096

  /// Queues a frame for the end of this turn.
  @inline(__always)
  func writeFrame(
    _ kind: FrameKind, flags: FrameFlags = [], callID: UInt32, payload: UnsafeRawBufferPointer
  ) {
    guard context != nil else { return }
    output.writeFrame(kind, flags: flags, callID: callID, payload: payload)
    scheduleFlush()
  }

  /// Queues the one reply of a call. Returns false where it passes the limits.
  func writeReply(callID: UInt32, payload: UnsafeRawBufferPointer) -> Bool {
    guard payload.count <= limits.messageBytes else { return false }
    if !isWritable, waitingBytes + payload.count > limits.connectionBytes { return false }
    writeFrame(.message, callID: callID, payload: payload)
    return true
  }

  /// Bytes that wait in memory, in both directions.
  private var waitingBytes: Int {
    let unsent =
      try? context?.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
    return keptBytes + decoder.keptBytes + output.readableBytes + (unsent ?? 0)
  }

  func writeStatus(callID: UInt32, _ ending: CallEnding) {
    ending.serializedBytes().withUnsafeBytes {
      writeFrame(.status, flags: .end, callID: callID, payload: $0)
    }
  }

  func writeCredit(_ bytes: UInt32, callID: UInt32) {
    guard context != nil else { return }
    output.writeCredit(bytes, callID: callID)
    scheduleFlush()
  }

  func writeSignOfLife(_ kind: FrameKind, _ value: UInt64) {
    guard context != nil else { return }
    output.writeSignOfLife(kind, value)
    scheduleFlush()
  }

  func writeFarewell(_ farewell: Farewell) {
    farewell.serializedBytes().withUnsafeBytes { writeFrame(.goAway, callID: 0, payload: $0) }
  }

  @inline(__always)
  private func scheduleFlush() {
    if output.readableBytes >= Self.earlyFlushBytes {
      flushNow()
    } else if !isReading, !isFlushScheduled {
      isFlushScheduled = true
      executor.flushLater(self)
    }
  }

  /// Gives back what an idle connection does not need.
  func forgetBuffers() {
    headers = CallHeaderCache()
    if output.readableBytes == 0 { output = ByteBuffer() }
  }

  /// Writes the frames of this turn.
  func flushNow() {
    isFlushScheduled = false
    guard output.readableBytes > 0, let context else { return }
    // Taken out first: a write can make room at once, and have replies that waited for it written
    // while it is under way.
    var frames = ByteBuffer()
    swap(&frames, &output)
    context.writeAndFlush(wrapOutboundOut(frames), promise: nil)
    guard output.capacity == 0, !calls.isEmpty || frames.capacity <= Self.idleOutputBytes else {
      return
    }
    frames.clear(minimumCapacity: Self.idleOutputBytes)
    output = frames
  }
}
