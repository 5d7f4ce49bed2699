public import CProtobufC

/// Turns the members of unpacked C structs into Swift values. Only generated code uses it.
///
/// The one thing that can still be wrong in an unpacked message is a string's UTF-8. It is noted
/// here and reported once at the end, so that generated code needs no error paths.
@frozen
public struct WireDecoder {
  /// Whether a string so far was not valid UTF-8.
  @usableFromInline var hasInvalidUTF8 = false

  @usableFromInline
  init() {}

  /// A string field.
  @inlinable
  public mutating func string(_ data: ProtobufCBinaryData) -> String {
    data.len == 0 ? "" : validated(data)
  }

  @usableFromInline
  mutating func validated(_ data: ProtobufCBinaryData) -> String {
    // `String(validating:as:)` is three times as slow: it looks up generic metadata on every call.
    let bytes = UnsafeBufferPointer(start: data.data, count: data.len)
    do {
      return String(copying: try UTF8Span(validating: bytes.span))
    } catch {
      hasInvalidUTF8 = true
      return ""
    }
  }

  /// A bytes field.
  @inlinable
  public func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    data.len == 0 ? [] : [UInt8](UnsafeBufferPointer(start: data.data, count: data.len))
  }

  /// An enum field. Proto3 enums are open, so the C contracts hold numbers.
  @inlinable
  public func enumeration<E: OpenEnum>(_ number: Int32) -> E {
    E(rawValue: number)
  }

  /// A message field.
  @inlinable
  public mutating func message<M: Message, Struct>(_ source: UnsafeMutablePointer<Struct>?) -> M? {
    guard let source else { return nil }
    return M(unpacking: UnsafeRawPointer(source), &self)
  }

  /// A message field of a type that contains this one.
  @inlinable
  public mutating func boxed<M: Message, Struct>(
    _ source: UnsafeMutablePointer<Struct>?
  ) -> Boxed<M>? {
    guard let source else { return nil }
    return Boxed(M(unpacking: UnsafeRawPointer(source), &self))
  }

  /// A message that is a oneof's value; an empty one where the pointer is null.
  @inlinable
  public mutating func member<M: Message, Struct>(_ source: UnsafeMutablePointer<Struct>?) -> M {
    guard let source else { return M() }
    return M(unpacking: UnsafeRawPointer(source), &self)
  }

  /// The unknown fields of a message.
  @inlinable
  public func unknownFields(_ source: UnsafeRawPointer) -> UnknownFields {
    let base = source.assumingMemoryBound(to: ProtobufCMessage.self)
    return base.pointee.n_unknown_fields == 0 ? UnknownFields() : collectUnknownFields(base)
  }

  @usableFromInline
  func collectUnknownFields(_ base: UnsafePointer<ProtobufCMessage>) -> UnknownFields {
    let fields = UnsafeBufferPointer(
      start: base.pointee.unknown_fields, count: Int(base.pointee.n_unknown_fields))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(fields.reduce(0) { $0 + $1.len + 5 })
    for field in fields {
      var content = UnsafeBufferPointer(start: UnsafePointer(field.data), count: field.len)
      if field.tag == WireNormalizer.escape {
        // The length in front belongs to the escape, not to the fields in it.
        guard var start = content.baseAddress else { continue }
        let length = Int(Varint.read(&start))
        content = UnsafeBufferPointer(start: start, count: length)
      } else {
        Varint.append(UInt64(field.tag) << 3 | UInt64(field.wire_type.rawValue), to: &bytes)
      }
      bytes.append(contentsOf: content)
    }
    return UnknownFields(bytes)
  }
}
