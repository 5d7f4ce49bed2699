package import RPCCore

/// Why a side ends a whole connection: what its GOAWAY frame says.
package struct ConnectionError: Error, Sendable, Hashable {
  /// The code. `ok` for a graceful end.
  package let code: RPCStatusCode
  /// A sentence for people.
  package let message: String

  package init(code: RPCStatusCode, message: String) {
    self.code = code
    self.message = message
  }

  /// The other side broke the rules of the wire.
  static func violation(_ message: String) -> ConnectionError {
    ConnectionError(code: .invalidArgument, message: message)
  }

  /// The other side announced more than this side takes.
  static func tooLarge(_ kind: FrameKind, length: UInt32, limit: Int) -> ConnectionError {
    ConnectionError(
      code: .resourceExhausted,
      message: "A \(kind) frame of \(length) bytes passes the limit of \(limit)")
  }
}
