internal import CProtobufC

/// Rewrites scanned bytes so that libprotobuf-c reads them as protobuf means them.
///
/// - The occurrences of a singular message field become one whose content is theirs, one behind the
///   other: that is what merging means on the wire.
/// - Unknown fields, groups and values of a wrong wire type become one length-delimited field with
///   the number `escape`, which no contract can have, holding their bytes in their order.
struct WireNormalizer {
  /// The first number past the valid ones. libprotobuf-c lets it pass.
  static let escape: UInt32 = 1 << 29

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private let arena: Arena

  init(arena: Arena) {
    self.arena = arena
  }

  /// The rewritten bytes, in the arena. The input has passed the pre-scan.
  func normalize(
    _ bytes: UnsafeBufferPointer<UInt8>, _ table: UnsafePointer<ScanTable>, depth: Int
  ) throws(CodecError) -> UnsafeBufferPointer<UInt8> {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return bytes }
    let end = start + bytes.count
    let occurrences = try occurrences(start, end, table)

    // Each level's parts, in order; written out at the end, when their sizes are known.
    var parts: [Part] = []
    var unknown: [Part] = []
    var cursor = WireCursor(position: start, end: end)
    while !cursor.isAtEnd {
      let begin = cursor.position
      let (number, wireType) = try cursor.tag()
      let value = cursor.position
      try cursor.skipValue(number: number, wireType: wireType, depth: Int.max)
      let whole = Bytes(start: begin, count: cursor.position - begin)
      let entry = table.pointee.entry(number)
      guard let entry, entry.accepts(wireType) else {
        // The tag in its short form, as libprotobuf-c hands it over when it sees the field itself.
        let tag = UInt64(number) << 3 | UInt64(wireType)
        if value - begin == Varint.size(tag) {
          Self.append(whole, to: &unknown)
        } else {
          Self.append(try written(tag), to: &unknown)
          Self.append(Bytes(start: value, count: cursor.position - value), to: &unknown)
        }
        continue
      }
      guard let nested = entry.table else {
        Self.append(whole, to: &parts)
        continue
      }
      var payload = try Self.payload(value, cursor.position)
      if entry.seenBit != 0, let all = occurrences[number] {
        guard all.last == begin else { continue }
        payload = try joined(all, end: end)
      }
      parts.append(
        Part(number: number, content: try normalize(payload, nested, depth: depth - 1)))
    }
    if !unknown.isEmpty {
      parts.append(Part(number: Self.escape, content: try write(unknown)))
    }
    return try write(parts)
  }

  /// A stretch of the result: bytes to copy (number 0), or a length-delimited field.
  private struct Part {
    let number: UInt32
    let content: Bytes
  }

  /// Where each singular message field occurs that occurs more than once, as far as the occurrences
  /// still count: another field of the same oneof wipes out those before it.
  private func occurrences(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ table: UnsafePointer<ScanTable>
  ) throws(CodecError) -> [UInt32: [UnsafePointer<UInt8>]] {
    var result: [UInt32: [UnsafePointer<UInt8>]] = [:]
    var lastOfOneof: [UInt32: UInt32] = [:]
    var cursor = WireCursor(position: start, end: end)
    while !cursor.isAtEnd {
      let begin = cursor.position
      let (number, wireType) = try cursor.tag()
      try cursor.skipValue(number: number, wireType: wireType, depth: Int.max)
      guard let entry = table.pointee.entry(number), entry.accepts(wireType) else { continue }
      if entry.oneof != 0 {
        if let last = lastOfOneof[entry.oneof], last != number { result[last] = nil }
        lastOfOneof[entry.oneof] = number
      }
      if entry.seenBit != 0 { result[number, default: []].append(begin) }
    }
    return result
  }

  private func joined(
    _ occurrences: [UnsafePointer<UInt8>], end: UnsafePointer<UInt8>
  ) throws(CodecError) -> Bytes {
    var payloads: [Part] = []
    for begin in occurrences {
      var cursor = WireCursor(position: begin, end: end)
      _ = try cursor.tag()
      let length = try cursor.length()
      payloads.append(Part(number: 0, content: Bytes(start: cursor.position, count: length)))
    }
    return payloads.count == 1 ? payloads[0].content : try write(payloads)
  }

  private static func payload(
    _ value: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) throws(CodecError) -> Bytes {
    var cursor = WireCursor(position: value, end: end)
    let length = try cursor.length()
    return Bytes(start: cursor.position, count: length)
  }

  private func written(_ varint: UInt64) throws(CodecError) -> Bytes {
    guard let memory = arena.allocate(10) else { throw CodecError(.memoryBudgetExceeded) }
    let start = memory.assumingMemoryBound(to: UInt8.self)
    var position = start
    Varint.write(varint, to: &position)
    return Bytes(start: start, count: position - start)
  }

  /// Adds bytes to copy; neighbours become one part.
  private static func append(_ bytes: Bytes, to parts: inout [Part]) {
    if let last = parts.last, last.number == 0, let start = last.content.baseAddress,
      start + last.content.count == bytes.baseAddress
    {
      let whole = Bytes(start: start, count: last.content.count + bytes.count)
      parts[parts.count - 1] = Part(number: 0, content: whole)
    } else {
      parts.append(Part(number: 0, content: bytes))
    }
  }

  private func write(_ parts: [Part]) throws(CodecError) -> Bytes {
    let size = parts.reduce(0) { $0 + $1.content.count + ($1.number == 0 ? 0 : 10) }
    guard let memory = arena.allocate(size) else { throw CodecError(.memoryBudgetExceeded) }
    let start = memory.assumingMemoryBound(to: UInt8.self)
    var position = start
    for part in parts {
      if part.number != 0 {
        Varint.write(UInt64(part.number) << 3 | UInt64(WireType.lengthDelimited), to: &position)
        Varint.write(UInt64(part.content.count), to: &position)
      }
      if let source = part.content.baseAddress {
        position.update(from: source, count: part.content.count)
        position += part.content.count
      }
    }
    return Bytes(start: start, count: position - start)
  }
}

extension ScanEntry {
  /// Whether libprotobuf-c takes a value of this wire type for the field.
  func accepts(_ type: UInt8) -> Bool {
    type == wireType || (isPackable && type == WireType.lengthDelimited)
  }
}
