/// Reads a row's columns in order, so that wide rows need no indexes.
public struct PostgresRowReader {
  @usableFromInline let row: PostgresRow
  @usableFromInline var column = 0

  @inlinable
  init(row: PostgresRow) { self.row = row }

  /// Reads the next column.
  @inlinable
  public mutating func next<Value: PostgresDecodable>(
    as type: Value.Type = Value.self
  ) throws(PostgresDecodingError) -> Value {
    let value = try row.decode(column, as: type)
    column += 1
    return value
  }

  /// Passes over columns.
  @inlinable
  public mutating func skip(_ count: Int = 1) { column += count }

  /// The number of columns not read yet.
  public var remaining: Int { row.count - column }

  /// Fails unless every column was read.
  @inlinable
  public func finish() throws(PostgresDecodingError) {
    if remaining != 0 {
      throw row.decodingError(.columnCount, column: column, wanted: Void.self)
    }
  }
}
