internal import ProtobufRuntime

/// What ends a call: the contents of a `CallStatus`.
package struct CallEnding: Sendable {
  /// What went wrong, or nil where nothing did.
  package var error: RPCError?
  /// Named values known only at the end.
  package var trailers: Metadata

  package init(error: RPCError?, trailers: Metadata = Metadata()) {
    self.error = error
    self.trailers = trailers
  }

  /// Decodes a STATUS frame's payload.
  package init(serializedBytes bytes: [UInt8]) throws {
    let message = try CallStatus(serializedBytes: bytes)
    let trailers = Metadata(
      message.trailers.compactMap { Metadata.Entry(name: $0.name, value: $0.value) })
    guard let status = message.status, status.code.rawValue != 0 else {
      self.init(error: nil, trailers: trailers)
      return
    }
    self.init(
      error: RPCError(
        code: RPCStatusCode(rawValue: status.code.rawValue), message: status.message,
        details: status.details.map { ErrorDetail(wire: $0) },
        requestID: message.requestID.isEmpty ? nil : message.requestID),
      trailers: trailers)
  }

  /// Encodes a STATUS frame's payload: no bytes at all for a call that went well.
  package func serializedBytes() -> [UInt8] {
    if error == nil, trailers.isEmpty { return [] }
    return CallStatus(
      status: error?.status,
      trailers: trailers.entries.map { MetadataEntry(name: $0.name, value: $0.value) },
      requestID: error?.requestID ?? ""
    ).envelopeBytes()
  }
}

extension RPCError {
  /// The error as a message of the contract: what crosses the wire.
  package var status: Status {
    Status(
      code: Code(rawValue: code.rawValue), message: message,
      details: details.map(\.wire))
  }

  /// The error as google.rpc.Status, which has the same shape.
  package var statusBytes: [UInt8] { status.envelopeBytes() }
}
