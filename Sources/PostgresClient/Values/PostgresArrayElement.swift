/// A type whose Swift arrays bind to and read from PostgreSQL.
///
/// `[UInt8]` is `bytea`; arrays of every other element are one-dimensional PostgreSQL arrays.
public protocol PostgresArrayElement: Sendable {
  /// The type of a parameter that holds an array of these.
  static var postgresArrayType: PostgresType { get }

  /// Appends the binary form of a whole array.
  static func encodeArray(_ elements: [Self], into writer: inout PostgresParameterWriter)

  /// Reads a whole array.
  static func decodeArray(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  @inlinable
  public static var postgresType: PostgresType { Element.postgresArrayType }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    Element.encodeArray(self, into: &writer)
  }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> [Element] {
    try Element.decodeArray(from: bytes, type: type)
  }
}

extension UInt8: PostgresArrayElement {
  @inlinable
  public static var postgresArrayType: PostgresType { .bytea }

  @inlinable
  public static func encodeArray(_ elements: [UInt8], into writer: inout PostgresParameterWriter) {
    elements.withUnsafeBytes { writer.writeBytes($0) }
  }

  @inlinable
  public static func decodeArray(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> [UInt8] {
    guard type == .bytea else { throw .typeMismatch }
    return [UInt8](bytes)
  }
}

extension PostgresArrayElement where Self: PostgresEncodable & PostgresDecodable {
  public static func encodeArray(_ elements: [Self], into writer: inout PostgresParameterWriter) {
    let hasNull = elements.contains { $0.isPostgresNull }
    writer.writeInteger(Int32(elements.isEmpty ? 0 : 1))
    writer.writeInteger(Int32(hasNull ? 1 : 0))
    writer.writeInteger(Self.postgresType.rawValue)
    guard !elements.isEmpty else { return }
    writer.writeInteger(Int32(clamping: elements.count))
    writer.writeInteger(Int32(1))
    for element in elements {
      if element.isPostgresNull {
        writer.writeInteger(Int32(-1))
      } else {
        writer.writeWithLength { element.encode(into: &$0) }
      }
    }
  }

  public static func decodeArray(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> [Self] {
    var reader = PostgresArrayReader(bytes: bytes)
    let (elementType, count) = try reader.readHeader()
    var elements: [Self] = []
    // The count is the server's word: never reserve more than the bytes could hold.
    elements.reserveCapacity(min(count, bytes.count / 4))
    for _ in 0..<count {
      if let cell = try reader.readCell() {
        elements.append(try Self.decode(from: cell, type: elementType))
      } else {
        elements.append(try Self.decodeNull())
      }
    }
    return elements
  }
}

extension Bool: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .boolArray }
}
extension Int16: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .int2Array }
}
extension Int32: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .int4Array }
}
extension Int64: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .int8Array }
}
extension Int: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .int8Array }
}
extension Float: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .float4Array }
}
extension Double: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .float8Array }
}
extension String: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .textArray }
}
extension Array: PostgresArrayElement where Element == UInt8 {
  public static var postgresArrayType: PostgresType { .byteaArray }
}
extension Optional: PostgresArrayElement
where Wrapped: PostgresArrayElement & PostgresEncodable & PostgresDecodable {
  /// The array type of the wrapped type: elements may be NULL.
  public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}
