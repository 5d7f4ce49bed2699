public import CProtobufC

/// Turns Swift values into members of C structs in the thread's arena. Only generated code uses it.
///
/// Adds up an upper bound of the packed size on the way, so that packing needs no sizing pass.
/// Failures are noted and reported once at the end.
@frozen
public struct WireEncoder {
  /// The most bytes of scratch memory that encoding one message may take.
  static let memoryBudget = 4 << 30

  @usableFromInline let arena: Arena
  /// No fewer bytes than the packed message has.
  @usableFromInline var bound = 0
  /// How many levels of messages may still be nested.
  @usableFromInline var depth = 100
  @usableFromInline var failure: CodecError?

  init(arena: Arena) {
    self.arena = arena
  }

  /// Makes room for a message's own singular fields: at most 15 bytes each.
  @inlinable
  public mutating func reserve(fields: Int) {
    bound += 16 * fields
  }

  @usableFromInline
  mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    if let memory = arena.allocate(size) { return memory }
    failure = CodecError(.memoryBudgetExceeded)
    return nil
  }

  /// A zeroed struct that knows its descriptor.
  @usableFromInline
  mutating func allocate(_ layout: WireLayout) -> UnsafeMutableRawPointer? {
    guard let target = allocate(layout.size) else { return nil }
    Self.prepare(target, layout)
    return target
  }

  @usableFromInline
  static func prepare(_ target: UnsafeMutableRawPointer, _ layout: WireLayout) {
    target.initializeMemory(as: UInt8.self, repeating: 0, count: layout.size)
    target.storeBytes(of: layout.descriptor, as: UnsafePointer<ProtobufCMessageDescriptor>.self)
  }

  /// A string field.
  @inlinable
  public mutating func string(_ value: String) -> ProtobufCBinaryData {
    value.isEmpty ? ProtobufCBinaryData() : copied(value)
  }

  @usableFromInline
  mutating func copied(_ value: String) -> ProtobufCBinaryData {
    // Native strings are contiguous; a bridged one would be copied first.
    var value = value
    return value.withUTF8 { copied(UnsafeRawBufferPointer($0)) }
  }

  /// A bytes field.
  @inlinable
  public mutating func bytes(_ value: [UInt8]) -> ProtobufCBinaryData {
    value.isEmpty ? ProtobufCBinaryData() : value.withUnsafeBytes { copied($0) }
  }

  @usableFromInline
  mutating func copied(_ bytes: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
    guard let start = bytes.baseAddress, let target = allocate(bytes.count) else {
      return ProtobufCBinaryData()
    }
    target.copyMemory(from: start, byteCount: bytes.count)
    bound += bytes.count
    return ProtobufCBinaryData(
      len: bytes.count, data: target.assumingMemoryBound(to: UInt8.self))
  }

  /// A message field.
  @inlinable
  public mutating func message<M: Message, Struct>(_ value: M?) -> UnsafeMutablePointer<Struct>? {
    guard let value else { return nil }
    return member(value)
  }

  /// A message field of a type that contains this one.
  @inlinable
  public mutating func message<M: Message, Struct>(
    _ value: Boxed<M>?
  ) -> UnsafeMutablePointer<Struct>? {
    guard let value else { return nil }
    return member(value.value)
  }

  /// A message that is set.
  @inlinable
  public mutating func member<M: Message, Struct>(_ value: M) -> UnsafeMutablePointer<Struct>? {
    guard depth > 0 else {
      failure = CodecError(.tooDeep)
      return nil
    }
    guard let target = allocate(M.wireLayout) else { return nil }
    depth -= 1
    value.pack(into: target, &self)
    depth += 1
    return target.assumingMemoryBound(to: Struct.self)
  }

  /// Hands a message's unknown fields on.
  @inlinable
  public mutating func unknownFields(
    _ fields: UnknownFields, into target: UnsafeMutableRawPointer
  ) {
    if let bytes = fields.storage { addUnknown(bytes, into: target) }
  }

  /// Writes the tag of the first field as libprotobuf-c's, and all other bytes as its value.
  @usableFromInline
  mutating func addUnknown(_ bytes: [UInt8], into target: UnsafeMutableRawPointer) {
    bytes.withUnsafeBufferPointer { buffer in
      guard var start = buffer.baseAddress, !buffer.isEmpty else { return }
      let end = start + buffer.count
      let tag = Varint.read(&start)
      let value = copied(UnsafeRawBufferPointer(start: start, count: end - start))
      append(
        ProtobufCMessageUnknownField(
          tag: UInt32(truncatingIfNeeded: tag >> 3),
          wire_type: ProtobufCWireType(rawValue: UInt32(tag & 7)), len: value.len,
          data: value.data), to: target)
    }
  }

  private mutating func append(
    _ field: ProtobufCMessageUnknownField, to target: UnsafeMutableRawPointer
  ) {
    let base = target.assumingMemoryBound(to: ProtobufCMessage.self)
    let count = Int(base.pointee.n_unknown_fields)
    let size = (count + 1) * MemoryLayout<ProtobufCMessageUnknownField>.stride
    guard let memory = allocate(size) else { return }
    let fields = memory.bindMemory(to: ProtobufCMessageUnknownField.self, capacity: count + 1)
    if let old = base.pointee.unknown_fields { fields.update(from: old, count: count) }
    (fields + count).initialize(to: field)
    base.pointee.unknown_fields = fields
    base.pointee.n_unknown_fields = UInt32(count + 1)
    bound += 16
  }

  /// Keeps the sign of a float field that is -0.0, which libprotobuf-c takes for unset.
  public mutating func negativeZero(
    _ value: Float, field: UInt32, into target: UnsafeMutableRawPointer
  ) {
    guard value == 0, value.sign == .minus else { return }
    addFixed(value.bitPattern, PROTOBUF_C_WIRE_TYPE_32BIT, field: field, into: target)
  }

  /// Keeps the sign of a double field that is -0.0, which libprotobuf-c takes for unset.
  public mutating func negativeZero(
    _ value: Double, field: UInt32, into target: UnsafeMutableRawPointer
  ) {
    guard value == 0, value.sign == .minus else { return }
    addFixed(value.bitPattern, PROTOBUF_C_WIRE_TYPE_64BIT, field: field, into: target)
  }

  private mutating func addFixed<Bits: FixedWidthInteger>(
    _ bits: Bits, _ wireType: ProtobufCWireType, field: UInt32, into target: UnsafeMutableRawPointer
  ) {
    let value = withUnsafeBytes(of: bits.littleEndian) { copied($0) }
    append(
      ProtobufCMessageUnknownField(
        tag: field, wire_type: wireType, len: value.len, data: value.data), to: target)
  }
}
