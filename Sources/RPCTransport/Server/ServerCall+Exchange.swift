internal import NIOCore
internal import ProtobufRuntime
internal import RPCCore

extension ServerCall: ServerExchange {
  func request<M: Message>(_ type: M.Type) throws -> M {
    connection.eventLoop.assertInEventLoop()
    guard let bytes = takeFromInbox() else { throw RPCError.cancelled() }
    return try decode(bytes)
  }

  func reply<M: Message>(_ message: M) throws {
    guard connection.eventLoop.inEventLoop else {
      let bytes = try message.frameable()
      connection.onLoop { [self] in
        if machine.reply() {
          bytes.withUnsafeReadableBytes { connection.writeFrame(.message, callID: id, payload: $0) }
        }
      }
      return
    }
    guard machine.reply() else { return }
    let isSent: Bool
    do {
      isSent = try message.withSerializedBytes { (bytes) throws(CodecError) -> Bool in
        connection.writeReply(callID: id, payload: bytes)
      }
    } catch {
      throw RPCError.internal(cause: error)
    }
    if !isSent { throw RPCError.replyTooLarge }
  }

  func receive<M: Message>(_ type: M.Type) async throws -> M? {
    guard let bytes = try await nextRequest() else { return nil }
    return try decode(bytes)
  }

  func send<M: Message>(_ message: M) async throws {
    if connection.eventLoop.inEventLoop, machine.maySend, connection.isWritable, parked.isEmpty {
      let isSent: Bool
      do {
        isSent = try message.withSerializedBytes { (bytes) throws(CodecError) -> Bool in
          guard bytes.count <= connection.limits.messageBytes else { return false }
          machine.send(length: bytes.count)
          connection.writeFrame(.message, callID: id, payload: bytes)
          return true
        }
      } catch {
        throw RPCError.internal(cause: error)
      }
      if !isSent { throw RPCError.replyTooLarge }
      return
    }
    let bytes = try message.frameable()
    guard bytes.readableBytes <= connection.limits.messageBytes else {
      throw RPCError.replyTooLarge
    }
    try await Waiter.wait(on: connection.eventLoop) { [self] waiter in park(bytes, waiter) }
  }

  func finish() {}

  private func park(_ bytes: ByteBuffer, _ waiter: Waiter<Void>) {
    guard !machine.isEnded else {
      return waiter.resume(throwing: RPCError.cancelled("The call has ended"))
    }
    parked.append(ParkedReply(bytes: bytes, waiter: waiter))
    sendParked()
  }

  private func nextRequest() async throws -> ByteBuffer? {
    if connection.eventLoop.inEventLoop, let bytes = takeFromInbox() {
      grantCredit(for: bytes)
      return bytes
    }
    return try await Waiter.wait(on: connection.eventLoop) { [self] waiter in wait(waiter) }
  }

  private func wait(_ waiter: Waiter<ByteBuffer?>) {
    if let bytes = takeFromInbox() {
      grantCredit(for: bytes)
      waiter.resume(returning: bytes)
    } else if machine.isEnded {
      waiter.resume(throwing: RPCError.cancelled("The call has ended"))
    } else if requestsEnded {
      waiter.resume(returning: nil)
    } else if let reader, reader.isWaiting {
      waiter.resume(throwing: RPCError.internal())
    } else {
      reader = waiter
    }
  }

  private func decode<M: Message>(_ bytes: ByteBuffer) throws -> M {
    try bytes.withUnsafeReadableBytes { bytes in
      do throws(CodecError) {
        return try M(serializedBytes: bytes, limits: .default)
      } catch {
        throw RPCError(
          code: .invalidArgument, message: "The request cannot be decoded: \(error)",
          reason: "MALFORMED_MESSAGE")
      }
    }
  }
}

extension RPCError {
  /// A reply that the limits of this server do not let out.
  static var replyTooLarge: RPCError {
    .resourceExhausted("The reply passes the limits of this server", reason: "REPLY_TOO_LARGE")
  }
}

extension Message {
  /// The message's bytes in a buffer of their own.
  func frameable() throws -> ByteBuffer {
    do {
      return try withSerializedBytes { (bytes) throws(CodecError) in ByteBuffer(bytes: bytes) }
    } catch {
      throw RPCError.internal(cause: error)
    }
  }
}
