/// Writes the parameters of one statement into a single buffer.
///
/// Each parameter is its type (u32), its length (i32, -1 for NULL) and its bytes, so that a bound
/// statement owns exactly one allocation and the I/O thread can point libpq straight into it.
public struct PostgresParameterWriter: Sendable {
  @usableFromInline var bytes: [UInt8] = []
  @usableFromInline var count: Int = 0

  /// An empty buffer.
  @inlinable
  public init() {}

  @inlinable
  init(capacity: Int) {
    bytes.reserveCapacity(capacity)
  }

  /// Appends one parameter with its header.
  @inlinable
  mutating func bind<Value: PostgresEncodable>(_ value: Value) {
    count += 1
    writeInteger(Value.postgresType.rawValue)
    if value.isPostgresNull {
      writeInteger(Int32(-1))
    } else {
      writeWithLength { value.encode(into: &$0) }
    }
  }

  /// Appends the bytes that `body` writes, behind their length.
  @inlinable
  public mutating func writeWithLength(_ body: (inout PostgresParameterWriter) -> Void) {
    let header = bytes.count
    writeInteger(Int32(0))
    body(&self)
    let length = Int32(clamping: bytes.count - header - 4).bigEndian
    bytes.withUnsafeMutableBytes {
      $0.storeBytes(of: length, toByteOffset: header, as: Int32.self)
    }
  }

  /// Appends an integer in network byte order.
  @inlinable
  public mutating func writeInteger<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends raw bytes.
  @inlinable
  public mutating func writeBytes(_ value: some Sequence<UInt8>) {
    bytes.append(contentsOf: value)
  }

  /// Appends the bytes of a buffer.
  @inlinable
  public mutating func writeBytes(_ value: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: value)
  }

  /// Appends the UTF-8 of a string.
  @inlinable
  public mutating func writeString(_ value: String) {
    bytes.append(contentsOf: value.utf8)
  }
}
