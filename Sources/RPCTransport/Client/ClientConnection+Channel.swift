internal import NIOCore
package import ProtobufRuntime
package import RPCCore

extension ClientConnection: RPCChannel {
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions
  ) async throws -> Response {
    let (header, deadline) = opening(method, options)
    let reply: ByteBuffer
    do {
      reply = try await exchange(
        UnaryClientCall(method: method, deadline: deadline, options: options), request, header,
        holdsSlot: false)
    } catch is NoSlot {
      try await waitForSlot(until: deadline)
      reply = try await exchange(
        UnaryClientCall(method: method, deadline: deadline, options: options), request, header,
        holdsSlot: true)
    }
    return try Response(reply: reply)
  }

  package func serverStreaming<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions,
    _ body: (ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    let call = try await openStream(method, options, request: request.frameable())
    return try await lend(call) { try await body(ResponseStream(source: call)) }
  }

  package func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, options: CallOptions,
    _ write: (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response {
    let call = try await openStream(method, options, request: nil)
    return try await lend(call) {
      try await write(RequestWriter(sink: call))
      return try await call.onlyReply()
    }
  }

  package func bidirectional<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, options: CallOptions,
    _ body: (RequestWriter<Request>, ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    let call = try await openStream(method, options, request: nil)
    return try await lend(call) {
      try await body(RequestWriter(sink: call), ResponseStream(source: call))
    }
  }

  /// Opens a call whose messages go through a stream; with a request, it is the only one.
  func openStream(
    _ method: MethodDescriptor, _ options: CallOptions, request: ByteBuffer?
  ) async throws -> StreamClientCall {
    if let size = request?.readableBytes, size > limits.messageBytes {
      throw RPCError.requestTooLarge(size, limit: limits.messageBytes)
    }
    let (header, deadline) = opening(method, options)
    let call = StreamClientCall(
      method: method, deadline: deadline, options: options, connection: self)
    var holdsSlot = false
    while true {
      let opening =
        request?.withUnsafeReadableBytes { open(call, header, message: $0, holdsSlot: holdsSlot) }
        ?? open(call, header, message: nil, holdsSlot: holdsSlot)
      switch opening {
      case .opened:
        return call
      case .refused(let error):
        throw error
      case .full:
        try await waitForSlot(until: deadline)
        holdsSlot = true
      }
    }
  }

  /// Runs a closure with an open call, and gives the call up if it has not ended by then.
  func lend<Result>(
    _ call: StreamClientCall, _ body: () async throws -> Result
  ) async throws -> Result {
    defer { call.cancel() }
    return try await withTaskCancellationHandler(operation: body) { call.cancel() }
  }

  /// As many calls are in progress as the limits allow.
  private struct NoSlot: Error {}

  private func exchange<Request: Message>(
    _ call: UnaryClientCall, _ request: Request, _ header: CallOpening, holdsSlot: Bool
  ) async throws -> ByteBuffer {
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        call.prepare(continuation)
        let failure: (any Error)?
        do {
          failure = try request.withSerializedBytes { (bytes) throws(CodecError) -> (any Error)? in
            guard bytes.count <= limits.messageBytes else {
              return RPCError.requestTooLarge(bytes.count, limit: limits.messageBytes)
            }
            switch open(call, header, message: bytes, holdsSlot: holdsSlot) {
            case .opened: return nil
            case .full: return NoSlot()
            case .refused(let error): return error
            }
          }
        } catch {
          failure = RPCError.internal(cause: error)
        }
        if let failure { continuation.resume(throwing: failure) }
        // A cancellation before the call was opened found nothing to give up.
        if failure == nil, Task.isCancelled { cancel(call) }
      }
    } onCancel: {
      cancel(call)
    }
  }

  private func opening(
    _ method: MethodDescriptor, _ options: CallOptions
  ) -> (CallOpening, Deadline) {
    let timeout = options.timeout ?? method.policy.maxDeadline
    let microseconds =
      Deadline(uptimeNanoseconds: 0).advanced(by: timeout).uptimeNanoseconds / 1_000
    let header = CallOpening(
      method: method.path, timeoutMicroseconds: options.timeout == nil ? 0 : max(1, microseconds),
      authorization: options.authorization ?? "", metadata: options.metadata,
      requestID: options.requestID ?? "")
    return (header, .after(timeout))
  }
}

extension StreamClientCall {
  /// Ends the requests, and waits for the one reply and the end of the call.
  func onlyReply<Response: Message>() async throws -> Response {
    finish()
    guard let reply = try await receive(Response.self) else {
      throw RPCError(code: .internal, message: "The server sent no reply")
    }
    _ = try await receive(Response.self)
    return reply
  }
}

extension RPCError {
  /// A request that this side's limits do not let out.
  static func requestTooLarge(_ bytes: Int, limit: Int) -> RPCError {
    .resourceExhausted(
      "A request of \(bytes) bytes passes the limit of \(limit)", reason: "REQUEST_TOO_LARGE")
  }
}

extension Message {
  /// Decodes a reply.
  init(reply bytes: ByteBuffer) throws {
    self = try bytes.withUnsafeReadableBytes { bytes in
      do throws(CodecError) {
        return try Self(serializedBytes: bytes, limits: .default)
      } catch {
        throw RPCError(
          code: .internal, message: "The reply cannot be decoded: \(error)", cause: error)
      }
    }
  }
}
