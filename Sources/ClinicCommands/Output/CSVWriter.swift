/// Writes rows as RFC 4180 CSV with CRLF line ends.
package enum CSVWriter {
  /// One row with its line end.
  package static func row(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\r\n"
  }

  private static func field(_ text: String) -> String {
    let needsQuotes =
      text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
      || text.first == " " || text.last == " "
    guard needsQuotes else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// The cells of a JSON value: objects are flattened to dotted names, dates become `1984-03-31`,
  /// lists of words are joined by `; `, and other lists stay JSON, so that nothing is lost.
  package static func cells(of value: JSONValue) -> [(column: String, text: String)] {
    var cells: [(column: String, text: String)] = []
    flatten(value, path: "", into: &cells)
    return cells
  }

  private static func flatten(
    _ value: JSONValue, path: String, into cells: inout [(column: String, text: String)]
  ) {
    if let date = DateText.text(ofDate: value) {
      cells.append((path, date))
      return
    }
    switch value {
    case .object(let members):
      for member in members {
        flatten(
          member.value, path: path.isEmpty ? member.name : path + "." + member.name, into: &cells)
      }
    case .array(let elements):
      cells.append((path.isEmpty ? "value" : path, cell(of: elements)))
    default:
      cells.append((path.isEmpty ? "value" : path, value.scalarText ?? ""))
    }
  }

  private static func cell(of elements: [JSONValue]) -> String {
    let words = elements.compactMap(\.text)
    if words.count == elements.count, words.allSatisfy({ !$0.contains(";") && !$0.hasPrefix("[") })
    {
      return words.joined(separator: "; ")
    }
    return JSONValue.array(elements).compactText
  }

  /// The text of `rows` under the columns that occur in them, in the order of their appearance.
  package static func document(rows: [JSONValue]) -> String {
    var columns: [String] = []
    var positions: [String: Int] = [:]
    let flattened = rows.map { cells(of: $0) }
    for cell in flattened.joined() where positions[cell.column] == nil {
      positions[cell.column] = columns.count
      columns.append(cell.column)
    }
    guard !columns.isEmpty else { return "" }
    var text = row(columns)
    for cells in flattened {
      text += row(cells, columns: columns)
    }
    return text
  }

  /// One row under `columns`, empty where the row has no such cell.
  package static func row(
    _ cells: [(column: String, text: String)], columns: [String]
  ) -> String {
    let values = Dictionary(
      cells.map { ($0.column, $0.text) }, uniquingKeysWith: { first, _ in first })
    return row(columns.map { values[$0] ?? "" })
  }
}
