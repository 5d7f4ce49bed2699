internal import CProtobufC
internal import Synchronization

/// What the pre-scan knows of one field.
struct ScanEntry {
  /// The wire type of a single value, or `unknown`.
  var wireType: UInt8 = ScanEntry.unknown
  /// A repeated number, which may also come packed.
  var isPackable = false
  /// For singular message fields: the bit that marks an occurrence. 0 for all other fields.
  var seenBit: UInt64 = 0
  /// The field's oneof, as the offset of its case in the struct; 0 outside of oneofs.
  var oneof: UInt32 = 0
  /// The table of a message field's type.
  var table: UnsafePointer<ScanTable>?

  static let unknown: UInt8 = 0xff
}

/// The fields of one message type by number, for the pre-scan. Made once for each type and never
/// freed, so that scanning takes no locks and counts no references.
@usableFromInline
struct ScanTable {
  /// Entries of the numbers below `directCount`, by number.
  let direct: UnsafePointer<ScanEntry>
  let directCount: UInt32
  /// The other numbers in ascending order, and their entries.
  let sparseNumbers: UnsafePointer<UInt32>
  let sparse: UnsafePointer<ScanEntry>
  let sparseCount: Int

  /// The entry of a number past the direct ones, or nil where the type has no such field.
  func sparsePointer(_ number: UInt32) -> UnsafePointer<ScanEntry>? {
    var low = 0
    var high = sparseCount
    while low < high {
      let middle = (low + high) / 2
      if sparseNumbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < sparseCount && sparseNumbers[low] == number ? sparse + low : nil
  }

  /// The entry of a field number, or nil where the type has no such field.
  func entry(_ number: UInt32) -> ScanEntry? {
    guard number < directCount else { return sparsePointer(number)?.pointee }
    let entry = direct[Int(number)]
    return entry.wireType == ScanEntry.unknown ? nil : entry
  }
}

// MARK: - Making tables

extension ScanTable {
  /// The tables made so far. `@unchecked Sendable`: only used under its lock.
  private struct Registry: @unchecked Sendable {
    var tables: [UnsafeRawPointer: UnsafeMutablePointer<ScanTable>] = [:]
  }

  /// `@unchecked Sendable`: what a table's pointer leads to is filled before the registry's lock is
  /// released and never changed after.
  private struct Reference: @unchecked Sendable {
    let table: UnsafePointer<ScanTable>
  }

  private static let registry = Mutex(Registry())

  /// The most numbers that are looked up by index.
  private static let directLimit: UInt32 = 256

  /// The table of a type; makes it, and those of all types that it reaches, on the first call.
  static func table(
    for descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> UnsafePointer<ScanTable> {
    nonisolated(unsafe) let descriptor = descriptor  // A constant of the C contracts.
    return registry.withLock { Reference(table: make(descriptor, in: &$0)) }.table
  }

  private static func make(
    _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, in registry: inout Registry
  ) -> UnsafeMutablePointer<ScanTable> {
    if let table = registry.tables[descriptor] { return table }
    let table = UnsafeMutablePointer<ScanTable>.allocate(capacity: 1)
    registry.tables[descriptor] = table

    let fields = UnsafeBufferPointer(
      start: descriptor.pointee.fields, count: Int(descriptor.pointee.n_fields))
    let directNumbers = fields.lazy.map(\.id).filter { $0 < directLimit }
    let directCount = (directNumbers.max() ?? 0) + 1
    let sparseFields = fields.filter { $0.id >= directCount }.sorted { $0.id < $1.id }

    let direct = UnsafeMutablePointer<ScanEntry>.allocate(capacity: Int(directCount))
    direct.initialize(repeating: ScanEntry(), count: Int(directCount))
    let sparse = UnsafeMutablePointer<ScanEntry>.allocate(capacity: max(1, sparseFields.count))
    let numbers = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, sparseFields.count))

    var messageFields = 0
    for field in fields where field.id < directCount {
      direct[Int(field.id)] = entry(field, &messageFields, in: &registry)
    }
    for (index, field) in sparseFields.enumerated() {
      (sparse + index).initialize(to: entry(field, &messageFields, in: &registry))
      (numbers + index).initialize(to: field.id)
    }
    table.initialize(
      to: ScanTable(
        direct: direct, directCount: directCount, sparseNumbers: numbers, sparse: sparse,
        sparseCount: sparseFields.count))
    return table
  }

  private static func entry(
    _ field: ProtobufCFieldDescriptor, _ messageFields: inout Int, in registry: inout Registry
  ) -> ScanEntry {
    var entry = ScanEntry()
    let isRepeated = field.label == PROTOBUF_C_LABEL_REPEATED
    switch field.type {
    case PROTOBUF_C_TYPE_MESSAGE:
      entry.wireType = WireType.lengthDelimited
      let type = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      entry.table = UnsafePointer(make(type, in: &registry))
      if !isRepeated {
        // Types with over 63 such fields share the last bit: a false alarm only costs time.
        entry.seenBit = 1 << UInt64(min(messageFields, 63))
        messageFields += 1
      }
    case PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_STRING:
      entry.wireType = WireType.lengthDelimited
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT:
      entry.wireType = WireType.fixed32
      entry.isPackable = isRepeated
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE:
      entry.wireType = WireType.fixed64
      entry.isPackable = isRepeated
    default:
      entry.wireType = WireType.varint
      entry.isPackable = isRepeated
    }
    if field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0 {
      entry.oneof = field.quantifier_offset
    }
    return entry
  }
}

/// The wire types of protobuf.
enum WireType {
  static let varint: UInt8 = 0
  static let fixed64: UInt8 = 1
  static let lengthDelimited: UInt8 = 2
  static let startGroup: UInt8 = 3
  static let endGroup: UInt8 = 4
  static let fixed32: UInt8 = 5
}
