/// The key of a point read: its last parameter, which is a UUID.
struct PointReadKey {
  /// A parameter's type and length, in front of its bytes.
  private static let headerLength = 8
  private static let length = 16
  /// The keys of a statement at least, the first one as often as necessary. PostgreSQL plans a
  /// statement anew for each execution while that looks cheaper to it than the plan for unknown
  /// parameters, and there it takes an array for one of ten elements: with more of them it keeps the
  /// plan. It looks up repeated keys once.
  private static let leastCount = 16

  private let many: SQLStatement
  private let parameters: PostgresParameterWriter
  private let start: Int

  /// The key of a query; nil if it is no point read, or one by NULL.
  init?(of query: SQLQuery) {
    guard let many = query.statement?.many, query.parameters.count > 0 else { return nil }
    self.many = many
    parameters = query.parameters
    start = parameters.bytes.count - Self.headerLength - Self.length
    guard Self.startOfLast(in: parameters) == start else { return nil }
    let type = parameters.bytes.withUnsafeBytes {
      UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self))
    }
    guard type == PostgresType.uuid.rawValue else { return nil }
  }

  private static func startOfLast(in parameters: PostgresParameterWriter) -> Int {
    parameters.bytes.withUnsafeBytes { bytes in
      var offset = 0
      for _ in 1..<parameters.count {
        let length = bytes.loadUnaligned(fromByteOffset: offset + 4, as: Int32.self)
        offset += headerLength + max(Int(Int32(bigEndian: length)), 0)
      }
      return offset
    }
  }

  /// The key's 16 bytes.
  var bytes: ArraySlice<UInt8> { parameters.bytes[(start + Self.headerLength)...] }

  private var others: ArraySlice<UInt8> { parameters.bytes[..<start] }

  /// Whether one statement can read both keys' rows: it is the same one, with the same other
  /// parameters.
  func isLike(_ key: PointReadKey) -> Bool { many === key.many && others == key.others }

  /// The statement that reads this key's row and those of further ones.
  func query(with furtherKeys: [ArraySlice<UInt8>]) -> SQLQuery {
    let count = max(furtherKeys.count + 1, Self.leastCount)
    var writer = PostgresParameterWriter(capacity: start + 32 + count * (4 + Self.length))
    writer.count = parameters.count
    writer.writeBytes(others)
    writer.writeInteger(PostgresType.uuidArray.rawValue)
    writer.writeWithLength { writer in
      // An array of one dimension without NULL, whose first index is 1.
      writer.writeInteger(Int32(1))
      writer.writeInteger(Int32(0))
      writer.writeInteger(PostgresType.uuid.rawValue)
      writer.writeInteger(Int32(clamping: count))
      writer.writeInteger(Int32(1))
      for index in 0..<count {
        writer.writeInteger(Int32(Self.length))
        writer.writeBytes(index < furtherKeys.count ? furtherKeys[index] : bytes)
      }
    }
    return SQLQuery(statement: many, parameters: writer)
  }
}
