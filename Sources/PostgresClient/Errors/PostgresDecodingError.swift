/// A column could not be read as the wanted Swift type.
public struct PostgresDecodingError: Error, Hashable, Sendable {
  /// Why a value could not be read.
  public enum Reason: Error, Hashable, Sendable {
    /// NULL was found and the wanted type is not optional.
    case unexpectedNull
    /// The column's PostgreSQL type is never read as the wanted type.
    case typeMismatch
    /// The bytes are not a value of the column's type.
    case malformed
    /// The value does not fit into the wanted type.
    case outOfRange
    /// The row has no such column.
    case noSuchColumn
    /// The row has another number of columns than were asked for.
    case columnCount
  }

  /// Why the value could not be read.
  public var reason: Reason
  /// The column's position, from 0.
  public var column: Int
  /// The column's name in the result, empty if there is no such column.
  public var columnName: String
  /// The Swift type that was asked for.
  public var wanted: String
  /// The column's PostgreSQL type.
  public var found: PostgresType

  /// An error of one column.
  public init(
    reason: Reason, column: Int, columnName: String, wanted: String, found: PostgresType
  ) {
    self.reason = reason
    self.column = column
    self.columnName = columnName
    self.wanted = wanted
    self.found = found
  }
}

extension PostgresDecodingError: CustomStringConvertible {
  /// Names and types only, never the value.
  public var description: String {
    "column \(column) \"\(columnName)\" (type \(found.rawValue)) as \(wanted): \(reason)"
  }
}
