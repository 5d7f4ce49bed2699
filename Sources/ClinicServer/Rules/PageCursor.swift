package import FoundationEssentials

/// Where a page ends: the order's values of its last row, from which the next page goes on.
package struct PageCursor: Sendable, Hashable {
  /// One column of the order.
  package enum Value: Sendable, Hashable {
    case null
    case text(String)
    case integer(Int64)
    case uuid(UUID)
  }

  /// The columns, as the order has them. At most 255.
  package var values: [Value]

  /// Makes a cursor.
  package init(_ values: [Value]) {
    self.values = values
  }

  /// The value at an index as a text; nil where there is none.
  package func text(_ index: Int) -> String? {
    guard values.indices.contains(index), case .text(let text) = values[index] else { return nil }
    return text
  }

  /// The value at an index as an integer; nil where there is none.
  package func integer(_ index: Int) -> Int64? {
    guard values.indices.contains(index), case .integer(let integer) = values[index] else {
      return nil
    }
    return integer
  }

  /// The value at an index as an id; nil where there is none.
  package func uuid(_ index: Int) -> UUID? {
    guard values.indices.contains(index), case .uuid(let id) = values[index] else { return nil }
    return id
  }
}

extension PageCursor {
  /// Kind, then contents: nothing; length (2 bytes) and UTF-8; 8 bytes; 16 bytes. Big-endian.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for value in values {
      switch value {
      case .null:
        bytes.append(0)
      case .text(let text):
        let utf8 = text.utf8.prefix(Int(UInt16.max))
        bytes += [1, UInt8(utf8.count >> 8), UInt8(utf8.count & 255)] + utf8
      case .integer(let integer):
        bytes.append(2)
        withUnsafeBytes(of: integer.bigEndian) { bytes += $0 }
      case .uuid(let id):
        bytes.append(3)
        withUnsafeBytes(of: id.uuid) { bytes += $0 }
      }
    }
    return bytes
  }

  init?(bytes: [UInt8]) {
    var values: [Value] = []
    var rest = bytes[...]
    while let kind = rest.popFirst() {
      switch kind {
      case 0:
        values.append(.null)
      case 1:
        guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
        let count = Int(high) << 8 | Int(low)
        guard rest.count >= count, let text = String(validating: rest.prefix(count), as: UTF8.self)
        else { return nil }
        values.append(.text(text))
        rest = rest.dropFirst(count)
      case 2:
        guard rest.count >= 8 else { return nil }
        values.append(.integer(rest.prefix(8).reduce(0) { $0 << 8 | Int64($1) }))
        rest = rest.dropFirst(8)
      case 3:
        guard rest.count >= 16 else { return nil }
        let id = Array(rest.prefix(16)).withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) }
        values.append(.uuid(UUID(uuid: id)))
        rest = rest.dropFirst(16)
      default:
        return nil
      }
    }
    self.values = values
  }
}
