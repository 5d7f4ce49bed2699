internal import ProtobufRuntime

extension CallOpening {
  /// Decodes a CALL frame's payload. Throws what the call ends with where it breaks the rules.
  package init(serializedBytes bytes: [UInt8], metadataLimit: Int) throws(RPCError) {
    let header: CallHeader
    do throws(CodecError) {
      header = try CallHeader(serializedBytes: bytes)
    } catch {
      throw .invalidArgument(
        "The call header cannot be decoded: \(error)", reason: "MALFORMED_HEADER")
    }
    guard header.metadata.count <= metadataLimit else {
      throw .resourceExhausted(
        "\(header.metadata.count) metadata entries pass the limit of \(metadataLimit)",
        reason: "TOO_MUCH_METADATA")
    }
    self.init(
      method: header.method, timeoutMicroseconds: header.timeoutMicros,
      authorization: header.authorization, metadata: try Metadata(wire: header.metadata),
      requestID: header.requestID)
  }

  /// Encodes a CALL frame's payload.
  package func serializedBytes() -> [UInt8] {
    CallHeader(
      method: method, timeoutMicros: timeoutMicroseconds, authorization: authorization,
      metadata: metadata.entries.map { MetadataEntry(name: $0.name, value: $0.value) },
      requestID: requestID
    ).envelopeBytes()
  }
}

extension Metadata {
  /// Judges what came over the wire.
  fileprivate init(wire entries: [MetadataEntry]) throws(RPCError) {
    self.init()
    for entry in entries {
      guard let entry = Entry(name: entry.name, value: entry.value) else {
        throw .invalidArgument(
          field: "metadata", reason: "FORMAT_METADATA",
          description: "must have names of a-z, 0-9, '-', '_', '.' and printable ASCII values")
      }
      add(entry)
    }
  }
}

extension Message {
  /// The bytes of a message of the envelope. Those are flat, so encoding them cannot fail.
  func envelopeBytes() -> [UInt8] {
    (try? serializedBytes()) ?? []
  }
}
