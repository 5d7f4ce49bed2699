package import ProtobufRuntime

/// Sees the one reply of a unary call, as its handler made it and before it is sent.
package protocol ReplyObserver: AnyObject, Sendable {
  /// Takes notice of a reply. What is thrown is sent instead of it.
  func saw(_ reply: some Message, in call: CallContext) throws
}
