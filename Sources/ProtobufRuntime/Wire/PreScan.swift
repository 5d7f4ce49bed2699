/// One linear pass over wire bytes before libprotobuf-c sees them.
///
/// libprotobuf-c recurses without a limit, refuses groups and wrong wire types, takes field numbers
/// over 2^29 - 1 and loses fields when a singular message occurs twice. The scan refuses what is
/// broken, and says whether the bytes must be brought into a form that libprotobuf-c reads rightly
/// (`WireNormalizer`), which is rare. UTF-8 is checked later, when the strings are made.
enum PreScan {
  /// Unknown fields of one message from which on they are handed over as one.
  static let unknownFieldLimit = 16

  /// Checks the bytes of one message of the type of `table`.
  ///
  /// - Parameter depth: How many levels of messages may still be nested in it.
  /// - Returns: True where the bytes need a `WireNormalizer`.
  static func scan(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>,
    _ table: UnsafePointer<ScanTable>, depth: Int
  ) throws(CodecError) -> Bool {
    let direct = table.pointee.direct
    let directCount = table.pointee.directCount
    var cursor = WireCursor(position: start, end: end)
    var seen: UInt64 = 0
    var unknownFields = 0
    var isIrregular = false

    while !cursor.isAtEnd {
      let (number, wireType) = try cursor.tag()
      let entry: UnsafePointer<ScanEntry>
      if number < directCount {
        entry = direct + Int(number)
      } else if let sparse = table.pointee.sparsePointer(number) {
        entry = sparse
      } else {
        entry = direct  // The entry of number 0 is unknown.
      }

      guard wireType == entry.pointee.wireType else {
        if entry.pointee.isPackable && wireType == WireType.lengthDelimited {
          try cursor.skip(try cursor.length())
          continue
        }
        try cursor.skipValue(number: number, wireType: wireType, depth: depth)
        unknownFields += 1
        isIrregular =
          isIrregular || unknownFields > unknownFieldLimit || wireType == WireType.startGroup
          || entry.pointee.wireType != ScanEntry.unknown
        continue
      }

      switch wireType {
      case WireType.lengthDelimited:
        let length = try cursor.length()
        if let nested = entry.pointee.table {
          guard depth > 0 else { throw CodecError(.tooDeep) }
          isIrregular = isIrregular || seen & entry.pointee.seenBit != 0
          seen |= entry.pointee.seenBit
          let isNestedIrregular = try scan(
            cursor.position, cursor.position + length, nested, depth: depth - 1)
          isIrregular = isIrregular || isNestedIrregular
        }
        cursor.position += length
      case WireType.varint: try cursor.skipVarint()
      case WireType.fixed32: try cursor.skip(4)
      default: try cursor.skip(8)
      }
    }
    return isIrregular
  }
}
