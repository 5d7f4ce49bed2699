/// A value that is read from a column in PostgreSQL's binary format.
public protocol PostgresDecodable {
  /// Reads a value from a cell that is not NULL.
  static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Self

  /// The value of NULL; by default an error.
  static func decodeNull() throws(PostgresDecodingError.Reason) -> Self
}

extension PostgresDecodable {
  /// Refuses NULL.
  @inlinable
  public static func decodeNull() throws(PostgresDecodingError.Reason) -> Self {
    throw .unexpectedNull
  }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> Wrapped? {
    try Wrapped.decode(from: bytes, type: type)
  }

  @inlinable
  public static func decodeNull() throws(PostgresDecodingError.Reason) -> Wrapped? { nil }
}

extension UnsafeRawBufferPointer {
  /// A big-endian integer that fills the whole buffer.
  @inlinable
  func bigEndianInteger<T: FixedWidthInteger>(
    as type: T.Type
  ) throws(PostgresDecodingError.Reason) -> T {
    guard count == MemoryLayout<T>.size else { throw .malformed }
    return T(bigEndian: loadUnaligned(as: T.self))
  }
}
