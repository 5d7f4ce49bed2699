/// One row of a result.
public struct PostgresRow: Sendable {
  let result: PostgresResult
  let index: Int32

  /// The number of columns.
  public var count: Int { Int(result.columnCount) }

  /// Reads one column, counted from 0.
  @inlinable
  public func decode<Value: PostgresDecodable>(
    _ column: Int, as type: Value.Type = Value.self
  ) throws(PostgresDecodingError) -> Value {
    let reason: PostgresDecodingError.Reason
    do throws(PostgresDecodingError.Reason) {
      let cell = try cell(column)
      return try withExtendedLifetime(self) { () throws(PostgresDecodingError.Reason) -> Value in
        guard let bytes = cell.bytes else { return try Value.decodeNull() }
        return try Value.decode(from: bytes, type: cell.type)
      }
    } catch {
      reason = error
    }
    throw decodingError(reason, column: column, wanted: Value.self)
  }

  /// Reads one column by name; for code that is not on a hot path.
  public func decode<Value: PostgresDecodable>(
    _ column: String, as type: Value.Type = Value.self
  ) throws(PostgresDecodingError) -> Value {
    for index in 0..<result.columnCount where result.columnName(index) == column {
      return try decode(Int(index), as: type)
    }
    throw PostgresDecodingError(
      reason: .noSuchColumn, column: -1, columnName: column, wanted: "\(Value.self)",
      found: .unknown)
  }

  /// Reads the whole row, whose columns must be exactly as many as the types.
  @inlinable
  public func decode<each Value: PostgresDecodable>(
    _ types: repeat (each Value).Type
  ) throws(PostgresDecodingError) -> (repeat each Value) {
    var reader = reader()
    let values = (repeat try reader.next(as: (each Value).self))
    try reader.finish()
    return values
  }

  /// Reads the columns one after the other.
  @inlinable
  public func reader() -> PostgresRowReader { PostgresRowReader(row: self) }

  /// Lends the bytes of a column in PostgreSQL's binary format; nil for NULL. Do not keep them.
  public func withBytes<Result, Failure: Error>(
    _ column: Int, _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(column >= 0 && column < count, "column \(column) of \(count)")
    return try withExtendedLifetime(result) { () throws(Failure) -> Result in
      try body(result.bytes(row: index, column: Int32(column)))
    }
  }

  /// A column's bytes (nil for NULL) and type.
  @usableFromInline
  func cell(
    _ column: Int
  ) throws(PostgresDecodingError.Reason) -> (bytes: UnsafeRawBufferPointer?, type: PostgresType) {
    guard column >= 0, column < Int(result.columnCount) else { throw .noSuchColumn }
    let column = Int32(column)
    return (result.bytes(row: index, column: column), result.columnType(column))
  }

  @usableFromInline
  func decodingError(
    _ reason: PostgresDecodingError.Reason, column: Int, wanted: Any.Type
  ) -> PostgresDecodingError {
    let exists = column >= 0 && column < count
    return PostgresDecodingError(
      reason: reason, column: column,
      columnName: exists ? result.columnName(Int32(column)) : "",
      wanted: "\(wanted)",
      found: exists ? result.columnType(Int32(column)) : .unknown)
  }
}
