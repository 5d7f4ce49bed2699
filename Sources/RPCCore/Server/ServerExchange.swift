package import ProtobufRuntime

/// The server's side of one call, as its transport offers it to the router.
package protocol ServerExchange: MessageSource, MessageSink {
  /// The one request of a unary or server-streaming call, which has arrived whole.
  func request<M: Message>(_ type: M.Type) throws -> M

  /// Queues the one reply of a unary or client-streaming call.
  func reply<M: Message>(_ message: M) throws
}
