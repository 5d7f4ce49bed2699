import ProtobufRuntime

/// Fields as protobuf writes them.
enum WireBytes {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes([UInt8])

    static func text(_ text: String) -> Value { .bytes(Array(text.utf8)) }
  }

  /// A field with one value, or one element.
  static func field(_ field: FieldDescriptor, _ value: Value) -> [UInt8] {
    guard field.cardinality == .map else { return self.field(field.number, value) }
    let key: Value = field.mapKey == .string ? .text("key") : .varint(1)
    return self.field(field.number, .bytes(self.field(1, key) + self.field(2, value)))
  }

  static func varint(_ number: Int32, _ value: UInt64) -> [UInt8] { field(number, .varint(value)) }

  private static func field(_ number: Int32, _ value: Value) -> [UInt8] {
    let tag = UInt64(number) << 3
    switch value {
    case .varint(let value): return varint(tag) + varint(value)
    case .fixed64(let value):
      return varint(tag | 1) + withUnsafeBytes(of: value.littleEndian) { Array($0) }
    case .fixed32(let value):
      return varint(tag | 5) + withUnsafeBytes(of: value.littleEndian) { Array($0) }
    case .bytes(let bytes): return varint(tag | 2) + varint(UInt64(bytes.count)) + bytes
    }
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
