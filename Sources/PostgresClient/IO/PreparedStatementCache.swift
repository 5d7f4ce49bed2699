/// The statements that one connection knows, least recently used first out.
struct PreparedStatementCache {
  private var statements: [PreparedStatement.Key: PreparedStatement] = [:]
  private var clock: UInt64 = 0
  private var lastNumber: UInt64 = 0
  let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  var count: Int { statements.count }

  /// The known statement of a key.
  mutating func find(_ key: PreparedStatement.Key) -> PreparedStatement? {
    guard let statement = statements[key] else { return nil }
    clock += 1
    statement.lastUse = clock
    return statement
  }

  /// Adds a statement under a name that was never used on the connection.
  ///
  /// Returns the statement to deallocate if the cache was full. Statements of the batch that is
  /// being built were used last and are not chosen while the capacity exceeds a batch's length.
  mutating func insert(
    _ key: PreparedStatement.Key
  ) -> (added: PreparedStatement, evicted: PreparedStatement?) {
    var evicted: PreparedStatement?
    if statements.count >= capacity,
      let oldest = statements.values.filter(\.isConfirmed).min(by: { $0.lastUse < $1.lastUse })
    {
      statements[oldest.key] = nil
      evicted = oldest
    }
    lastNumber += 1
    clock += 1
    let added = PreparedStatement(key: key, number: lastNumber)
    added.lastUse = clock
    statements[key] = added
    return (added, evicted)
  }

  /// Forgets a statement that the server does not have, or has with a stale plan.
  mutating func forget(_ statement: PreparedStatement) {
    if statements[statement.key] === statement { statements[statement.key] = nil }
  }

  /// Forgets the statement of a key.
  mutating func forget(_ key: PreparedStatement.Key) { statements[key] = nil }
}
