internal import ProtobufRuntime

/// What ends a call: the contents of a `CallStatus`.
package struct CallEnding: Sendable {
  /// What went wrong, or nil where nothing did.
  package var error: RPCError?

  package init(error: RPCError?) { self.error = error }

  /// Decodes a STATUS frame's payload.
  package init(serializedBytes bytes: [UInt8]) throws {
    let message = try CallStatus(serializedBytes: bytes)
    guard let status = message.status, status.code.rawValue != 0 else {
      self.init(error: nil)
      return
    }
    self.init(
      error: RPCError(
        code: RPCStatusCode(rawValue: status.code.rawValue), message: status.message,
        details: status.details.map { ErrorDetail(wire: $0) },
        requestID: message.requestID.isEmpty ? nil : message.requestID))
  }

  /// Encodes a STATUS frame's payload: no bytes at all for a call that went well.
  package func serializedBytes() -> [UInt8] {
    guard let error else { return [] }
    return CallStatus(status: error.status, requestID: error.requestID ?? "").envelopeBytes()
  }
}

extension RPCError {
  /// The error as a message of the contract: what crosses the wire.
  package var status: Status {
    Status(
      code: Code(rawValue: code.rawValue), message: message,
      details: details.map(\.wire))
  }
}
