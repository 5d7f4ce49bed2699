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
    guard DateText.text(ofDate: value) == nil, case .object(let members) = value else {
      cells.append((path.isEmpty ? "value" : path, cell(value)))
      return
    }
    for member in members {
      flatten(
        member.value, path: path.isEmpty ? member.name : path + "." + member.name, into: &cells)
    }
  }

  /// The text of a value in one cell.
  package static func cell(_ value: JSONValue) -> String {
    if let date = DateText.text(ofDate: value) { return date }
    if case .array(let elements) = value { return cell(of: elements) }
    return value.scalarText ?? value.compactText
  }

  private static func cell(of elements: [JSONValue]) -> String {
    let words = elements.compactMap(\.text)
    if words.count == elements.count, words.allSatisfy({ !$0.contains(";") && !$0.hasPrefix("[") })
    {
      return words.joined(separator: "; ")
    }
    return JSONValue.array(elements).compactText
  }

  /// The columns that occur in rows, in the order of their appearance.
  static func columns(of rows: [JSONValue]) -> CSVColumns {
    var seen = Set<String>()
    return CSVColumns(
      rows.flatMap { cells(of: $0) }.map(\.column).filter { seen.insert($0).inserted })
  }

  /// The text of `rows` under the columns that occur in them.
  package static func document(rows: [JSONValue]) -> String {
    let columns = columns(of: rows)
    guard !columns.names.isEmpty else { return "" }
    return columns.heading + rows.map { row(cells(of: $0), columns: columns.names) }.joined()
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
