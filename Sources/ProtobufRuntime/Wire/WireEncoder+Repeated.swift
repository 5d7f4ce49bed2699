public import CProtobufC

extension WireEncoder {
  /// Zeroed or copied memory for the elements of a repeated field; each may take 15 bytes and what
  /// it reserves itself.
  @usableFromInline
  mutating func allocateElements<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T>? {
    bound += 16 * (count + 1)
    return allocate(count * MemoryLayout<T>.stride)?.bindMemory(to: T.self, capacity: count)
  }

  /// A repeated number.
  @inlinable
  public mutating func array<Element: BitwiseCopyable>(
    _ values: [Element]
  ) -> UnsafeMutablePointer<Element>? {
    guard !values.isEmpty, let target = allocateElements(Element.self, values.count) else {
      return nil
    }
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { target.initialize(from: start, count: source.count) }
    }
    return target
  }

  /// A repeated bool.
  @inlinable
  public mutating func bools(_ values: [Bool]) -> UnsafeMutablePointer<protobuf_c_boolean>? {
    guard !values.isEmpty, let target = allocateElements(protobuf_c_boolean.self, values.count)
    else { return nil }
    for (index, value) in values.enumerated() { (target + index).initialize(to: value ? 1 : 0) }
    return target
  }

  /// A repeated enum.
  @inlinable
  public mutating func enumerations<E: OpenEnum>(
    _ values: [E]
  ) -> UnsafeMutablePointer<Int32>? {
    guard !values.isEmpty, let target = allocateElements(Int32.self, values.count) else {
      return nil
    }
    for (index, value) in values.enumerated() { (target + index).initialize(to: value.rawValue) }
    return target
  }

  /// A repeated string.
  @inlinable
  public mutating func strings(_ values: [String]) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    guard !values.isEmpty, let target = allocateElements(ProtobufCBinaryData.self, values.count)
    else { return nil }
    for (index, value) in values.enumerated() { (target + index).initialize(to: string(value)) }
    return target
  }

  /// A repeated bytes field.
  @inlinable
  public mutating func byteArrays(
    _ values: [[UInt8]]
  ) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    guard !values.isEmpty, let target = allocateElements(ProtobufCBinaryData.self, values.count)
    else { return nil }
    for (index, value) in values.enumerated() { (target + index).initialize(to: bytes(value)) }
    return target
  }

  /// A repeated message. The structs lie one behind the other.
  @inlinable
  public mutating func messages<M: Message, Struct>(
    _ values: [M]
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Struct>?>? {
    guard !values.isEmpty,
      let target = allocateElements(UnsafeMutablePointer<Struct>?.self, values.count)
    else { return nil }
    for index in values.indices { (target + index).initialize(to: member(values[index])) }
    return target
  }

  /// A map, in the order of its keys.
  ///
  /// - Parameters:
  ///   - layout: The layout of the map's entries.
  ///   - fill: Fills an entry's struct.
  @inlinable
  public mutating func map<Key: MapKey, Value, Struct>(
    _ values: [Key: Value], _ layout: WireLayout,
    _ fill: (UnsafeMutablePointer<Struct>, Key, Value, inout WireEncoder) -> Void
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Struct>?>? {
    guard !values.isEmpty,
      let target = allocateElements(UnsafeMutablePointer<Struct>?.self, values.count)
    else { return nil }
    // An entry is a message of its own, also for whoever counts levels while decoding.
    guard depth > 0 else {
      failure = CodecError(.tooDeep)
      return nil
    }
    depth -= 1
    defer { depth += 1 }
    let sorted = values.sorted { Key.precedes($0.key, $1.key) }
    for (index, element) in sorted.enumerated() {
      let entry = allocate(layout)?.assumingMemoryBound(to: Struct.self)
      reserve(fields: 2)
      if let entry { fill(entry, element.key, element.value, &self) }
      (target + index).initialize(to: entry)
    }
    return target
  }
}
