/// Fields that the reader's contract does not know, kept as they came so that they survive a
/// decode and encode.
///
/// Holds nothing, and costs nothing, in the usual case.
@frozen
public struct UnknownFields: Hashable, Sendable {
  @usableFromInline var storage: [UInt8]?

  /// No fields.
  @inlinable
  public init() {
    storage = nil
  }

  init(_ bytes: [UInt8]) {
    storage = bytes.isEmpty ? nil : bytes
  }

  /// True where there are none.
  @inlinable
  public var isEmpty: Bool { storage == nil }

  /// The fields in wire form, one behind the other.
  public var bytes: [UInt8] { storage ?? [] }
}
