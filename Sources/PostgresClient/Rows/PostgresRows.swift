import Glibc

/// The rows one statement returned. Values stay in libpq's memory until they are decoded, which
/// happens on the caller's task.
public struct PostgresRows: Sendable {
  /// Nil if the statement's result was dropped on the caller's wish.
  let result: PostgresResult?
  /// Which of the result's rows these are, when several calls share it.
  private let part: Range<Int32>?

  init(_ result: PostgresResult?) {
    self.result = result
    part = nil
  }

  private init(_ result: PostgresResult, part: Range<Int32>) {
    self.result = result
    self.part = part
  }

  /// The row whose first column has these bytes, if there is one.
  func row(keyed key: UnsafeRawBufferPointer) -> PostgresRows {
    guard let result else { return self }
    let index = (0..<result.rowCount).first { row in
      guard let bytes = result.bytes(row: row, column: 0), bytes.count == key.count,
        let start = bytes.baseAddress, let keyStart = key.baseAddress
      else { return false }
      return memcmp(start, keyStart, key.count) == 0
    }
    return PostgresRows(result, part: index.map { $0..<$0 + 1 } ?? 0..<0)
  }

  /// The number of rows inserted, updated, deleted or selected; 0 for other commands.
  public var affectedRows: Int { part?.count ?? result?.affectedRows ?? 0 }

  /// The server's word for what was done, such as `INSERT 0 1`.
  public var commandTag: String { result?.commandTag ?? "" }

  /// The number of columns of each row.
  public var columnCount: Int { Int(result?.columnCount ?? 0) }

  /// The columns' names, in order.
  public var columnNames: [String] {
    guard let result else { return [] }
    return (0..<result.columnCount).map(result.columnName)
  }

  /// The columns' types, in order.
  public var columnTypes: [PostgresType] {
    guard let result else { return [] }
    return (0..<result.columnCount).map(result.columnType)
  }
}

extension PostgresRows: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { part?.count ?? Int(result?.rowCount ?? 0) }

  public subscript(position: Int) -> PostgresRow {
    guard let result, position >= 0, position < endIndex else {
      preconditionFailure("row \(position) of \(count)")
    }
    return PostgresRow(result: result, index: (part?.lowerBound ?? 0) + Int32(position))
  }
}
