package import ProtobufRuntime

/// Where a stream's messages come from: one direction of a call, as its transport offers it.
package protocol MessageSource: AnyObject, Sendable {
  /// The next message, or nil after the last. One reader at a time.
  func receive<M: Message>(_ type: M.Type) async throws -> M?
}
