internal import NIOCore
internal import RPCCore

/// A call of one request and one reply.
///
/// Sendable without a lock: the continuation is set before the call is handed to the loop, and
/// everything else is touched on the loop only.
final class UnaryClientCall: ClientCall, @unchecked Sendable {
  private var continuation: UnsafeContinuation<ByteBuffer, any Error>?
  private var reply: ByteBuffer?

  /// Sets who waits for the reply. Once, before the call is opened.
  func prepare(_ continuation: UnsafeContinuation<ByteBuffer, any Error>) {
    self.continuation = continuation
  }

  override func receive(_ message: ByteBuffer) -> ConnectionError? {
    guard reply == nil else { return .violation("A second reply to a call of one") }
    reply = message
    return nil
  }

  override func receiveCredit(_ bytes: UInt32) -> ConnectionError? { nil }

  override func end(_ error: RPCError?) {
    guard let continuation = continuation.take() else { return }
    if let error {
      continuation.resume(throwing: error)
    } else if let reply {
      continuation.resume(returning: reply)
    } else {
      continuation.resume(throwing: RPCError(code: .internal, message: "The server sent no reply"))
    }
  }
}
