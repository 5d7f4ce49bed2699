internal import CProtobufC

extension Message {
  /// Decodes a message from protobuf's wire form.
  ///
  /// Fields that the contract does not know are kept in `unknownFields`.
  /// - Throws: `CodecError` where the bytes are not such a message or go past the limits.
  public init(
    serializedBytes bytes: UnsafeRawBufferPointer, limits: DecodingLimits = .default
  ) throws(CodecError) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      self.init()
      return
    }
    guard bytes.count <= Int(Int32.max) else { throw CodecError(.tooLarge) }
    let layout = Self.wireLayout
    let first = start.assumingMemoryBound(to: UInt8.self)
    let isIrregular = try PreScan.scan(
      first, first + bytes.count, layout.table, depth: limits.depth)
    self = try Arena.withScope(budget: limits.memoryBudget) { arena throws(CodecError) in
      var wire = UnsafeBufferPointer(start: first, count: bytes.count)
      if isIrregular {
        wire = try WireNormalizer(arena: arena).normalize(wire, layout.table, depth: limits.depth)
      }
      let unpacked = protobuf_c_message_unpack(
        layout.descriptor, arena.allocator, wire.count, wire.baseAddress)
      guard let unpacked else {
        throw CodecError(arena.isExhausted ? .memoryBudgetExceeded : .malformed)
      }
      var decoder = WireDecoder()
      let message = Self(unpacking: unpacked, &decoder)
      guard !decoder.hasInvalidUTF8 else { throw CodecError(.invalidUTF8) }
      return message
    }
  }

  /// Decodes a message from protobuf's wire form.
  ///
  /// - Throws: `CodecError` where the bytes are not such a message or go past the limits.
  public init(serializedBytes bytes: [UInt8], limits: DecodingLimits = .default) throws(CodecError)
  {
    let result: Result<Self, CodecError> = bytes.withUnsafeBytes { buffer in
      do throws(CodecError) {
        return .success(try Self(serializedBytes: buffer, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// The message in protobuf's wire form. Map entries are in the order of their keys, so equal
  /// messages give equal bytes.
  ///
  /// - Throws: `CodecError` where the message is nested over 100 deep or larger than 2 GiB.
  public func serializedBytes() throws(CodecError) -> [UInt8] {
    try encode { [UInt8]($0) }
  }

  /// Calls `body` with the message in protobuf's wire form, in memory that is valid only until it
  /// returns.
  ///
  /// - Throws: `CodecError` where the message is nested over 100 deep or larger than 2 GiB, and what
  ///   `body` throws.
  public func withSerializedBytes<R>(
    _ body: (UnsafeRawBufferPointer) throws -> R
  ) throws -> R {
    try encode { bytes in Result { try body(bytes) } }.get()
  }

  private func encode<R>(_ body: (UnsafeRawBufferPointer) -> R) throws(CodecError) -> R {
    try Arena.withScope(budget: WireEncoder.memoryBudget) { arena throws(CodecError) in
      var encoder = WireEncoder(arena: arena)
      guard let root = encoder.allocate(Self.wireLayout) else {
        throw CodecError(.memoryBudgetExceeded)
      }
      pack(into: root, &encoder)
      if let failure = encoder.failure { throw failure }
      guard let output = arena.allocate(encoder.bound) else {
        throw CodecError(.memoryBudgetExceeded)
      }
      let count = protobuf_c_message_pack(
        root.assumingMemoryBound(to: ProtobufCMessage.self),
        output.assumingMemoryBound(to: UInt8.self))
      precondition(count <= encoder.bound, "the packed size is past its bound")
      guard count <= Int(Int32.max) else { throw CodecError(.tooLarge) }
      return body(UnsafeRawBufferPointer(start: output, count: count))
    }
  }
}
