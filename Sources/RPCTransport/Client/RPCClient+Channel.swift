internal import FoundationEssentials
public import ProtobufRuntime
public import RPCCore

extension RPCClient: RPCChannel {
  public func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions
  ) async throws -> Response {
    let request = repeatable(request, of: method)
    return try await withRetries(method, options) { connection, options in
      try await connection.unary(method, request, options: options)
    }
  }

  /// A request that a retry can repeat: under an id of its own, where its method takes effect once for
  /// each id and the caller chose none.
  private func repeatable<Request: Message>(
    _ request: Request, of method: MethodDescriptor
  ) -> Request {
    guard method.policy.idempotency == .requestID, var named = request as? any MutationRequest,
      named.requestID.isEmpty
    else { return request }
    named.requestID = UUID().uuidString.lowercased()
    return named as? Request ?? request
  }

  public func serverStreaming<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions,
    _ body: (ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    let bytes = try request.frameable()
    let (connection, call) = try await withRetries(method, options) { connection, options in
      (connection, try await connection.openStream(method, options, request: bytes))
    }
    return try await connection.lend(call) { try await body(ResponseStream(source: call)) }
  }

  public func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, options: CallOptions,
    _ write: (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response {
    let (connection, call) = try await withRetries(method, options) { connection, options in
      (connection, try await connection.openStream(method, options, request: nil))
    }
    return try await connection.lend(call) {
      try await write(RequestWriter(sink: call))
      return try await call.onlyReply()
    }
  }

  public func bidirectional<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, options: CallOptions,
    _ body: (RequestWriter<Request>, ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    let (connection, call) = try await withRetries(method, options) { connection, options in
      (connection, try await connection.openStream(method, options, request: nil))
    }
    return try await connection.lend(call) {
      try await body(RequestWriter(sink: call), ResponseStream(source: call))
    }
  }

  /// Runs one attempt after another. A stream is tried again only until it is open: after that,
  /// its messages may have been read.
  private func withRetries<Result>(
    _ method: MethodDescriptor, _ options: CallOptions,
    _ attempt: (ClientConnection, CallOptions) async throws -> Result
  ) async throws -> Result {
    var options = options
    let deadline = Deadline.after(options.timeout ?? method.policy.maxDeadline)
    var number = 1
    while true {
      do {
        return try await attempt(await connection(until: deadline), options)
      } catch let error as RPCError {
        var generator = SystemRandomNumberGenerator()
        let delay = configuration.retry.delay(
          after: error, attempt: number, isIdempotent: method.isIdempotent(options),
          using: &generator)
        guard let delay, delay < deadline.remaining else { throw error }
        try await sleep(for: delay)
        number += 1
        if options.timeout != nil { options.timeout = deadline.remaining }
      }
    }
  }

  private func sleep(for delay: Duration) async throws {
    do {
      try await Task.sleep(for: delay)
    } catch {
      throw RPCError.cancelled()
    }
  }
}
