/// The rows one statement returned. Values stay in libpq's memory until they are decoded, which
/// happens on the caller's task.
public struct PostgresRows: Sendable {
  /// Nil if the statement's result was dropped on the caller's wish.
  let result: PostgresResult?

  init(_ result: PostgresResult?) { self.result = result }

  /// The number of rows inserted, updated, deleted or selected; 0 for other commands.
  public var affectedRows: Int { result?.affectedRows ?? 0 }

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
  public var endIndex: Int { Int(result?.rowCount ?? 0) }

  public subscript(position: Int) -> PostgresRow {
    guard let result, position >= 0, position < Int(result.rowCount) else {
      preconditionFailure("row \(position) of \(count)")
    }
    return PostgresRow(result: result, index: Int32(position))
  }
}
