package import ProtobufRuntime

/// Where a stream's messages go: one direction of a call, as its transport offers it.
package protocol MessageSink: AnyObject, Sendable {
  /// Sends a message, waiting while the other side has not granted credit.
  func send<M: Message>(_ message: M) async throws

  /// Says that no message follows. Repeating it does nothing.
  func finish()
}
