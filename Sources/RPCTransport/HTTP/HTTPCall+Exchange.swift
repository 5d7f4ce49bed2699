internal import DequeModule
internal import NIOCore
internal import ProtobufRuntime
internal import RPCCore

extension HTTPCall: ServerExchange {
  func request<M: Message>(_ type: M.Type) throws -> M {
    connection.eventLoop.assertInEventLoop()
    guard let request = inbox.popFirst() else { throw RPCError.cancelled() }
    takeRequests()
    if let (page, name) = page {
      guard let request = page.request(name) as? M else { throw RPCError.internal() }
      return request
    }
    return try decode(request)
  }

  func reply<M: Message>(_ message: M) throws {
    let (bytes, isCompressed) = try encode(message)
    connection.eventLoop.runNow { [self] in reply(bytes, isCompressed: isCompressed) }
  }

  func receive<M: Message>(_ type: M.Type) async throws -> M? {
    let request = try await Waiter.wait(on: connection.eventLoop) { [self] waiter in wait(waiter) }
    return try request.map { try decode($0) }
  }

  func send<M: Message>(_ message: M) async throws {
    let (bytes, isCompressed) = try encode(message)
    if connection.eventLoop.inEventLoop, parked.isEmpty, carrier?.isWritable == true,
      !machine.isEnded
    {
      return reply(bytes, isCompressed: isCompressed)
    }
    try await Waiter.wait(on: connection.eventLoop) { [self] waiter in
      park(ParkedReply(bytes: bytes, isCompressed: isCompressed, waiter: waiter))
    }
  }

  func finish() {}

  private func park(_ reply: ParkedReply) {
    guard !machine.isEnded else {
      return reply.waiter.resume(throwing: RPCError.cancelled("The call has ended"))
    }
    parked.append(reply)
    sendParked()
  }

  private func wait(_ waiter: Waiter<Request?>) {
    if let request = inbox.popFirst() {
      takeRequests()
      waiter.resume(returning: request)
      carrier?.readOn()
    } else if machine.isEnded {
      waiter.resume(throwing: RPCError.cancelled("The call has ended"))
    } else if requestsEnded {
      waiter.resume(returning: nil)
    } else if let reader, reader.isWaiting {
      waiter.resume(throwing: RPCError.internal())
    } else {
      reader = waiter
      carrier?.readOn()
    }
  }

  private func decode<M: Message>(_ request: Request) throws -> M {
    context?.reply.noteRequest(isCompressed: request.isCompressed)
    do {
      switch coding {
      case .proto:
        return try request.bytes.withUnsafeReadableBytes { bytes throws(CodecError) in
          try M(serializedBytes: bytes, limits: .default)
        }
      case .json:
        // As with protobuf, a caller of a later version of the contract may send more.
        return try M(
          jsonUTF8: [UInt8](buffer: request.bytes),
          options: JSONDecodingOptions(ignoresUnknownFields: true))
      }
    } catch {
      throw RPCError(
        code: .invalidArgument, message: "The request cannot be decoded: \(error)",
        reason: "MALFORMED_MESSAGE")
    }
  }

  /// The bytes of a reply, compressed where that was agreed.
  private func encode<M: Message>(_ message: M) throws -> (ByteBuffer, isCompressed: Bool) {
    let bytes: ByteBuffer
    switch coding {
    case .proto:
      bytes =
        try (page?.page.content(of: message)).map { ByteBuffer(string: $0) } ?? message.frameable()
    case .json:
      do {
        bytes = ByteBuffer(bytes: try message.jsonUTF8())
      } catch {
        throw RPCError.internal(cause: error)
      }
    }
    guard bytes.readableBytes <= connection.limits.messageBytes else {
      throw RPCError.replyTooLarge
    }
    let wish = context?.reply.compression ?? .automatic
    guard connection.eventLoop.inEventLoop else { return (bytes, false) }
    if carrier?.isWritable == false, !connection.hasRoom(for: bytes.readableBytes) {
      throw RPCError.replyTooLarge
    }
    guard machine.compresses(bytes.readableBytes, wish),
      let packed = bytes.withUnsafeReadableBytes(Gzip.compress)
    else { return (bytes, false) }
    return (packed, true)
  }
}
