import CLibPQ

/// Owns one `PGresult` and frees it with the last row that refers to it.
///
/// `@unchecked Sendable`: libpq documents a PGresult as read-only after PQgetResult returned it,
/// and safe to read from several threads at once; nothing here changes it.
final class PostgresResult: @unchecked Sendable {
  let pointer: OpaquePointer
  let rowCount: Int32
  let columnCount: Int32

  /// Takes over the one reference to `pointer`.
  init(owning pointer: OpaquePointer) {
    self.pointer = pointer
    rowCount = PQntuples(pointer)
    columnCount = PQnfields(pointer)
  }

  deinit { PQclear(pointer) }

  func columnName(_ column: Int32) -> String {
    guard let name = PQfname(pointer, column) else { return "" }
    return String(cString: name)
  }

  func columnType(_ column: Int32) -> PostgresType {
    PostgresType(rawValue: PQftype(pointer, column))
  }

  /// The bytes of one value; nil for NULL. Valid while this object lives.
  func bytes(row: Int32, column: Int32) -> UnsafeRawBufferPointer? {
    if PQgetisnull(pointer, row, column) != 0 { return nil }
    return UnsafeRawBufferPointer(
      start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
  }

  /// The command's name and counts.
  var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

  /// The number of rows a command changed or returned; 0 for commands without such a number.
  var affectedRows: Int {
    guard let text = PQcmdTuples(pointer) else { return 0 }
    return Int(String(cString: text)) ?? 0
  }
}
