import CLibPQ

/// The rows of a large result, fetched in chunks through a cursor, so that memory stays bounded by
/// about one chunk (or one row, if a row is larger).
public struct PostgresRowStream: AsyncSequence, Sendable {
  public typealias Element = PostgresRow

  let state: TransactionState
  let query: SQLQuery
  let chunkBytes: Int

  public func makeAsyncIterator() -> Iterator {
    Iterator(chunks: Chunks(state: state, query: query, chunkBytes: chunkBytes))
  }

  /// Reads one row after the other. Dropping it early costs nothing: the cursor ends with the
  /// transaction.
  public struct Iterator: AsyncIteratorProtocol {
    var chunks: Chunks
    private var rows = PostgresRows(nil)
    private var position = 0

    init(chunks: Chunks) { self.chunks = chunks }

    public mutating func next() async throws -> PostgresRow? {
      try await nextRow()
    }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(any Error) -> PostgresRow? {
      try await nextRow()
    }

    private nonisolated(nonsending) mutating func nextRow() async throws -> PostgresRow? {
      if position == rows.count {
        guard let chunk = try await chunks.next() else { return nil }
        rows = chunk
        position = 0
      }
      defer { position += 1 }
      return rows[position]
    }
  }

  /// Fetches chunk after chunk, sized by the bytes that rows turned out to have.
  struct Chunks {
    private static let firstCount = 32
    private static let largestCount = 10_000

    private let state: TransactionState
    private let query: SQLQuery
    private let chunkBytes: Int
    private var cursor: String?
    private var count = Self.firstCount
    private var isAtEnd = false

    init(state: TransactionState, query: SQLQuery, chunkBytes: Int) {
      self.state = state
      self.query = query
      self.chunkBytes = chunkBytes
    }

    /// The next rows, never empty; nil at the end.
    nonisolated(nonsending) mutating func next() async throws -> PostgresRows? {
      guard !isAtEnd else { return nil }
      var batch: [SQLQuery] = []
      let name: String
      if let cursor {
        name = cursor
      } else {
        name = state.nextCursorName()
        cursor = name
        batch.append(query.declaringCursor(name))
      }
      batch.append(SQLQuery(raw: "fetch forward \(count) from \(name)"))
      let results = try await state.run(batch, isPreparable: false)
      guard let rows = results.last else { return nil }
      if rows.count < count {
        isAtEnd = true
        _ = try await state.run([SQLQuery(raw: "close \(name)")], isPreparable: false)
      }
      if rows.isEmpty { return nil }
      adapt(to: rows)
      return rows
    }

    private mutating func adapt(to rows: PostgresRows) {
      let perRow = Swift.max(1, rows.memorySize / rows.count)
      let fitting = Swift.min(Swift.max(chunkBytes / perRow, 1), Self.largestCount)
      count = Swift.min(fitting, count * 8)
    }
  }
}

extension SQLQuery {
  /// The query behind `declare … cursor for`, with its parameters.
  func declaringCursor(_ name: String) -> SQLQuery {
    let declared = "declare \(name) no scroll cursor for "
    guard let statement else {
      return SQLQuery(template: declared + template, parameters: parameters)
    }
    return SQLQuery(
      statement: SQLStatement(adHoc: declared + statement.text, isPreparable: false),
      parameters: parameters)
  }
}

extension PostgresRows {
  /// The bytes that libpq holds for the rows.
  var memorySize: Int { result.map { PQresultMemorySize($0.pointer) } ?? 0 }
}
