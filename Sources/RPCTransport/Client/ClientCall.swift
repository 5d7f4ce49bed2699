internal import NIOCore
internal import RPCCore

/// One call on a client's connection, as the connection sees it. Both methods run on the
/// connection's loop, `end` exactly once and last.
class ClientCall: @unchecked Sendable {
  // Sendable without a lock of its own: `id` is written once, under the connection's lock, before
  // the call is handed to the loop; subclasses say how they guard what they add.

  /// The id on the wire, once the call is opened.
  var id: UInt32 = 0
  /// What is called.
  let method: MethodDescriptor
  /// The moment by which the call ends.
  let deadline: Deadline
  /// Is told the trailers, where there are any.
  let onTrailers: (@Sendable (Metadata) -> Void)?

  init(method: MethodDescriptor, deadline: Deadline, options: CallOptions) {
    self.method = method
    self.deadline = deadline
    self.onTrailers = options.onTrailers
  }

  /// A reply arrived. Returns the rule it breaks, if it does.
  func receive(_ message: ByteBuffer) -> ConnectionError? { nil }

  /// Credit arrived. Returns the rule it breaks, if it does.
  func receiveCredit(_ bytes: UInt32) -> ConnectionError? { nil }

  /// The call ended: with an error, or well for nil.
  func end(_ error: RPCError?) {}
}

/// The cause of an error on a call that no server has started: such a call may be retried whatever
/// its contract says.
package struct CallNotStarted: Error {}
