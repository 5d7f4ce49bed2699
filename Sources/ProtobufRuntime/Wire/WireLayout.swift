public import CProtobufC

/// Where a message type's C struct is described: its descriptor for libprotobuf-c and its table for
/// the pre-scan. Only generated code makes one, once for each type.
///
/// `@unchecked Sendable`: both pointers lead to memory that is never changed or freed.
@frozen
public struct WireLayout: @unchecked Sendable {
  /// The C struct's size in bytes.
  public let size: Int
  @usableFromInline let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  @usableFromInline let table: UnsafePointer<ScanTable>

  /// - Parameters:
  ///   - type: The C struct of the message.
  ///   - initializer: The struct's generated init function, which knows the descriptor.
  public init<Struct>(
    _ type: Struct.Type, _ initializer: (UnsafeMutablePointer<Struct>) -> Void
  ) {
    let sample = UnsafeMutablePointer<Struct>.allocate(capacity: 1)
    defer { sample.deallocate() }
    initializer(sample)
    // Every generated struct begins with a ProtobufCMessage, which begins with the descriptor.
    descriptor = UnsafeRawPointer(sample).load(as: UnsafePointer<ProtobufCMessageDescriptor>.self)
    size = MemoryLayout<Struct>.size
    table = ScanTable.table(for: descriptor)
  }
}
