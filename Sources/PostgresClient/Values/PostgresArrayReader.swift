/// Reads the binary form of a one-dimensional array (`array_send` of the server).
struct PostgresArrayReader {
  private var bytes: UnsafeRawBufferPointer

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The element type and the number of elements; more than one dimension is refused.
  mutating func readHeader() throws(PostgresDecodingError.Reason) -> (PostgresType, Int) {
    guard bytes.count >= 12 else { throw .typeMismatch }
    let dimensions = try readInt32()
    guard try readInt32() & ~1 == 0 else { throw .typeMismatch }
    let elementType = PostgresType(rawValue: UInt32(bitPattern: try readInt32()))
    switch dimensions {
    case 0: return (elementType, 0)
    case 1: break
    default: throw .typeMismatch
    }
    let count = try readInt32()
    _ = try readInt32()
    guard count >= 0 else { throw .malformed }
    return (elementType, Int(count))
  }

  /// The bytes of the next element; nil for NULL.
  mutating func readCell() throws(PostgresDecodingError.Reason) -> UnsafeRawBufferPointer? {
    let length = Int(try readInt32())
    if length == -1 { return nil }
    guard length >= 0, length <= bytes.count else { throw .malformed }
    let cell = UnsafeRawBufferPointer(rebasing: bytes[..<length])
    bytes = UnsafeRawBufferPointer(rebasing: bytes[length...])
    return cell
  }

  private mutating func readInt32() throws(PostgresDecodingError.Reason) -> Int32 {
    guard bytes.count >= 4 else { throw .malformed }
    let value = Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))
    bytes = UnsafeRawBufferPointer(rebasing: bytes[4...])
    return value
  }
}
