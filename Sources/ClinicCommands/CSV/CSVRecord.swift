/// What a CSV reader finds next.
package enum CSVRecord: Sendable, Hashable {
  /// A row: the line where it begins, from 1, and its fields.
  case row(line: Int, fields: [String])
  /// Text that is not a row, at a line. Reading goes on after it.
  case malformed(line: Int, CSVProblem)
}
