/// Why a CSV file cannot be read at all.
package enum CSVFileError: Error, Hashable, CustomStringConvertible {
  /// The file begins with the byte order mark of UTF-16.
  case utf16
  /// The file has no header.
  case empty
  /// The header is malformed.
  case header(CSVProblem)

  package var description: String {
    switch self {
    case .utf16: "the file is UTF-16; save it as UTF-8"
    case .empty: "the file is empty: its first line must name the columns"
    case .header(let problem): "the header is malformed: \(problem.description)"
    }
  }
}
