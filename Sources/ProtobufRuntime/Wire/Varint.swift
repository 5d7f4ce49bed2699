/// Base-128 numbers.
enum Varint {
  /// The least bytes that a number takes.
  static func size(_ value: UInt64) -> Int {
    max(1, (70 - value.leadingZeroBitCount) / 7)
  }

  /// Writes at most 10 bytes and moves the pointer behind them.
  static func write(_ value: UInt64, to position: inout UnsafeMutablePointer<UInt8>) {
    var rest = value
    while rest >= 0x80 {
      position.pointee = UInt8(truncatingIfNeeded: rest) | 0x80
      position += 1
      rest >>= 7
    }
    position.pointee = UInt8(truncatingIfNeeded: rest)
    position += 1
  }

  static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Reads a varint that is known to be whole.
  static func read(_ position: inout UnsafePointer<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = position.pointee
      position += 1
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 || shift >= 63 { return value }
      shift += 7
    }
  }
}
