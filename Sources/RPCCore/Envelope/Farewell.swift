internal import ProtobufRuntime

/// Why a connection ends: the contents of a `GoAway`.
package struct Farewell: Sendable, Hashable {
  /// The highest call id that the sender still finishes.
  package var lastCallID: UInt32
  /// The code: `ok` for a graceful end.
  package var code: RPCStatusCode
  /// A sentence for people.
  package var message: String

  package init(lastCallID: UInt32, code: RPCStatusCode, message: String) {
    self.lastCallID = lastCallID
    self.code = code
    self.message = message
  }

  /// Decodes a GOAWAY frame's payload.
  package init(serializedBytes bytes: [UInt8]) throws {
    let message = try GoAway(serializedBytes: bytes)
    self.init(
      lastCallID: message.lastCallID, code: RPCStatusCode(rawValue: message.code.rawValue),
      message: message.message)
  }

  /// Encodes a GOAWAY frame's payload.
  package func serializedBytes() -> [UInt8] {
    GoAway(lastCallID: lastCallID, code: Code(rawValue: code.rawValue), message: message)
      .envelopeBytes()
  }
}
