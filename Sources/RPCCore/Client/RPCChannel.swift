public import ProtobufRuntime

/// Something that carries calls to a server: a connection, a pool of them, or a test's own.
///
/// All methods throw ``RPCError``, or whatever the caller's closure throws. Cancelling the task
/// cancels the call. The number of messages fits the method's ``MethodDescriptor/kind``.
public protocol RPCChannel: Sendable {
  /// Sends one request and waits for the reply.
  func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions
  ) async throws -> Response

  /// Sends one request and lends the replies to a closure. The call is cancelled if the closure
  /// ends before the replies do.
  func serverStreaming<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions,
    _ body: (ResponseStream<Response>) async throws -> Result
  ) async throws -> Result

  /// Lends a writer of requests to a closure, then waits for the reply.
  func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, options: CallOptions,
    _ write: (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response

  /// Lends a writer of requests and the replies to a closure. The request side ends with the
  /// closure, or earlier through ``RequestWriter/finish()``; the call is cancelled if the closure
  /// ends before the replies do.
  func bidirectional<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, options: CallOptions,
    _ body: (RequestWriter<Request>, ResponseStream<Response>) async throws -> Result
  ) async throws -> Result
}
