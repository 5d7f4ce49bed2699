/// The statements of a batch that several calls share, while they are put together: point reads
/// that differ in nothing but their keys become one statement, which reads all of their rows.
///
/// Each statement costs the server a portal, the start and the end of a plan, and both sides the
/// description of its columns: most of what a point read costs.
struct SharedStatements {
  /// What answers a call.
  struct Share {
    /// The statement's place among those whose results are wanted.
    let place: Int
    /// The key of the call's row if the statement reads those of other calls, too.
    var key: ArraySlice<UInt8>?
  }

  /// A statement, and the further keys that it is to read.
  private struct Part {
    let query: SQLQuery
    let key: PointReadKey?
    var furtherKeys: [ArraySlice<UInt8>] = []
  }

  private var prelude: SQLQuery?
  private var parts: [Part] = []
  private var allShares: [Share] = []

  /// Adds a call: what enters its tenant, and its statement.
  mutating func add(_ batch: [SQLQuery]) {
    let (prelude, query) = (batch[0], batch[1])
    if self.prelude == nil { self.prelude = prelude }
    let key = PointReadKey(of: query)
    if let key, let place = parts.firstIndex(where: { $0.key?.isLike(key) ?? false }) {
      parts[place].furtherKeys.append(key.bytes)
      allShares.append(Share(place: place, key: key.bytes))
    } else {
      allShares.append(Share(place: parts.count, key: key?.bytes))
      parts.append(Part(query: query, key: key))
    }
  }

  /// What is sent.
  var statements: [SQLQuery] {
    var statements: [SQLQuery] = []
    statements.reserveCapacity(parts.count + 1)
    if let prelude { statements.append(prelude) }
    for part in parts {
      if let key = part.key, !part.furtherKeys.isEmpty {
        statements.append(key.query(with: part.furtherKeys))
      } else {
        statements.append(part.query)
      }
    }
    return statements
  }

  /// What answers the calls, in their order.
  var shares: [Share] {
    allShares.map { share in
      parts[share.place].furtherKeys.isEmpty ? Share(place: share.place, key: nil) : share
    }
  }
}
