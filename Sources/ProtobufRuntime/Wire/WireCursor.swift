/// Reads tags and values off wire bytes without looking at their meaning.
struct WireCursor {
  var position: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>

  /// The highest field number: 2^29 - 1.
  static let maxFieldNumber: UInt32 = (1 << 29) - 1

  var isAtEnd: Bool { position == end }

  /// The next tag as field number and wire type.
  @inline(__always)
  mutating func tag() throws(CodecError) -> (number: UInt32, wireType: UInt8) {
    var value = UInt32(position[0])
    if value < 0x80 {
      position += 1
    } else {
      value = try longTag()
    }
    let number = value >> 3
    guard number != 0 else { throw CodecError(.invalidTag) }
    return (number, UInt8(truncatingIfNeeded: value & 7))
  }

  /// The length of a length-delimited value, which lies wholly before the end.
  @inline(__always)
  mutating func length() throws(CodecError) -> Int {
    guard position < end else { throw CodecError(.truncated) }
    var length = Int(position[0])
    if length < 0x80 {
      position += 1
    } else {
      length = try longLength()
    }
    guard length <= end - position else { throw CodecError(.truncated) }
    return length
  }

  @inline(__always)
  mutating func skipVarint() throws(CodecError) {
    if position < end, position[0] < 0x80 {
      position += 1
      return
    }
    try skipLongVarint()
  }

  @inline(__always)
  mutating func skip(_ count: Int) throws(CodecError) {
    guard count <= end - position else { throw CodecError(.truncated) }
    position += count
  }

  /// Skips a value of an unknown field.
  mutating func skipValue(
    number: UInt32, wireType: UInt8, depth: Int
  ) throws(CodecError) {
    switch wireType {
    case WireType.varint: try skipVarint()
    case WireType.fixed64: try skip(8)
    case WireType.lengthDelimited: try skip(try length())
    case WireType.fixed32: try skip(4)
    case WireType.startGroup:
      guard depth > 0 else { throw CodecError(.tooDeep) }
      while true {
        guard !isAtEnd else { throw CodecError(.truncated) }
        let tag = try self.tag()
        if tag.wireType == WireType.endGroup {
          guard tag.number == number else { throw CodecError(.malformed) }
          return
        }
        try skipValue(number: tag.number, wireType: tag.wireType, depth: depth - 1)
      }
    case WireType.endGroup: throw CodecError(.malformed)
    default: throw CodecError(.invalidTag)
    }
  }

  @inline(never)
  private mutating func longTag() throws(CodecError) -> UInt32 {
    var value: UInt64 = 0
    for index in 0..<5 {
      guard position < end else { throw CodecError(.truncated) }
      let byte = position[0]
      position += 1
      value |= UInt64(byte & 0x7f) << UInt64(7 * index)
      if byte < 0x80 {
        guard value >> 3 <= Self.maxFieldNumber else { throw CodecError(.invalidTag) }
        return UInt32(truncatingIfNeeded: value)
      }
    }
    throw CodecError(.invalidTag)
  }

  @inline(never)
  private mutating func longLength() throws(CodecError) -> Int {
    var value = 0
    for index in 0..<5 {
      guard position < end else { throw CodecError(.truncated) }
      let byte = position[0]
      position += 1
      value |= Int(byte & 0x7f) << (7 * index)
      if byte < 0x80 {
        guard value <= Int(Int32.max) else { throw CodecError(.tooLarge) }
        return value
      }
    }
    throw CodecError(.malformed)
  }

  @inline(never)
  private mutating func skipLongVarint() throws(CodecError) {
    for _ in 0..<10 {
      guard position < end else { throw CodecError(.truncated) }
      let byte = position[0]
      position += 1
      if byte < 0x80 { return }
    }
    throw CodecError(.malformed)
  }
}
