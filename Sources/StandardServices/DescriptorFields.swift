/// The fields of a descriptor (a message of google/protobuf/descriptor.proto), as far as an index
/// needs them. Descriptors are made by the compiler of the contracts: what is malformed ends them.
struct DescriptorFields: Sequence, IteratorProtocol {
  /// One field: its number, and its bytes or its integer.
  struct Field {
    let number: Int
    let bytes: ArraySlice<UInt8>
    let integer: UInt64

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var message: DescriptorFields { DescriptorFields(bytes) }
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The first text of a number.
  func text(_ number: Int) -> String { first { $0.number == number }?.text ?? "" }

  mutating func next() -> Field? {
    guard let key = varint() else { return nil }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0:
      guard let value = varint() else { return nil }
      return Field(number: number, bytes: [], integer: value)
    case 1: return skip(8).map { Field(number: number, bytes: $0, integer: 0) }
    case 2:
      guard let length = varint(), length <= rest.count else { return nil }
      return skip(Int(length)).map { Field(number: number, bytes: $0, integer: 0) }
    case 5: return skip(4).map { Field(number: number, bytes: $0, integer: 0) }
    default: return nil
    }
  }

  private mutating func skip(_ count: Int) -> ArraySlice<UInt8>? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
