internal import CProtobufC

extension Message {
  /// How many bytes ``serializedBytes()`` has.
  ///
  /// - Throws: `CodecError` where the message is nested over 100 deep.
  public func serializedSize() throws(CodecError) -> Int {
    try packed { (root, _) in
      protobuf_c_message_get_packed_size(root.assumingMemoryBound(to: ProtobufCMessage.self))
    }
  }

  /// No fewer bytes than ``serializedBytes()`` has, found without a look at each field's value.
  ///
  /// - Throws: `CodecError` where the message is nested over 100 deep.
  public func serializedSizeBound() throws(CodecError) -> Int { try packed { $1 } }

  /// Calls `body` with the message's C struct and the upper bound of its size.
  private func packed<R>(
    _ body: (_ root: UnsafeMutableRawPointer, _ bound: Int) -> R
  ) throws(CodecError) -> R {
    try Arena.withScope(budget: WireEncoder.memoryBudget) { arena throws(CodecError) in
      var encoder = WireEncoder(arena: arena)
      guard let root = encoder.allocate(Self.wireLayout) else {
        throw CodecError(.memoryBudgetExceeded)
      }
      pack(into: root, &encoder)
      if let failure = encoder.failure { throw failure }
      return body(root, encoder.bound)
    }
  }
}
