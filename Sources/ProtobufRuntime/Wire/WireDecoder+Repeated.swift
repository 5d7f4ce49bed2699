public import CProtobufC

extension WireDecoder {
  /// A repeated number.
  @inlinable
  public func array<Element: BitwiseCopyable>(
    _ elements: UnsafeMutablePointer<Element>?, _ count: Int
  ) -> [Element] {
    count == 0 ? [] : [Element](UnsafeBufferPointer(start: elements, count: count))
  }

  /// A repeated bool.
  @inlinable
  public func bools(_ elements: UnsafeMutablePointer<protobuf_c_boolean>?, _ count: Int) -> [Bool] {
    guard count > 0, let elements else { return [] }
    return (0..<count).map { elements[$0] != 0 }
  }

  /// A repeated enum.
  @inlinable
  public func enumerations<E: OpenEnum>(
    _ elements: UnsafeMutablePointer<Int32>?, _ count: Int
  ) -> [E] {
    guard count > 0, let elements else { return [] }
    return (0..<count).map { E(rawValue: elements[$0]) }
  }

  /// A repeated string.
  @inlinable
  public mutating func strings(
    _ elements: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int
  ) -> [String] {
    guard count > 0, let elements else { return [] }
    var result: [String] = []
    result.reserveCapacity(count)
    for index in 0..<count { result.append(string(elements[index])) }
    return result
  }

  /// A repeated bytes field.
  @inlinable
  public func byteArrays(
    _ elements: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int
  ) -> [[UInt8]] {
    guard count > 0, let elements else { return [] }
    return (0..<count).map { bytes(elements[$0]) }
  }

  /// A repeated message.
  @inlinable
  public mutating func messages<M: Message, Struct>(
    _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Struct>?>?, _ count: Int
  ) -> [M] {
    guard count > 0, let elements else { return [] }
    // Faster than `init(unsafeUninitializedCapacity:)`, which looks up generic metadata.
    var result: [M] = []
    result.reserveCapacity(count)
    for index in 0..<count { result.append(member(elements[index])) }
    return result
  }

  /// A map. Of entries with the same key, the last one counts.
  @inlinable
  public mutating func map<Key: Hashable, Value, Struct>(
    _ entries: UnsafeMutablePointer<UnsafeMutablePointer<Struct>?>?, _ count: Int,
    _ read: (UnsafeMutablePointer<Struct>, inout WireDecoder) -> (Key, Value)
  ) -> [Key: Value] {
    guard count > 0, let entries else { return [:] }
    var result = [Key: Value](minimumCapacity: count)
    for index in 0..<count {
      guard let entry = entries[index] else { continue }
      let (key, value) = read(entry, &self)
      result[key] = value
    }
    return result
  }
}
