/// Shows replies in the format that the user chose.
package struct ReplyPrinter: Sendable {
  /// The format.
  package let format: OutputFormat
  /// Where to.
  package let output: any OutputSink
  /// Whether headings are styled.
  package let isColored: Bool

  package init(format: OutputFormat, output: any OutputSink, isColored: Bool) {
    self.format = format
    self.output = output
    self.isColored = isColored
  }

  /// Shows a reply that holds one thing: the member `name` as a record of `columns`.
  package func printRecord(_ reply: JSONValue, _ name: String, columns: [TableColumn]) throws {
    switch format {
    case .table:
      let element = reply[name] ?? .object([])
      try output.write(RecordWriter(isColored: isColored).document(element, columns: columns))
    case .csv:
      try output.write(CSVWriter.document(rows: [reply[name] ?? .object([])]))
    case .json, .yaml:
      try printDocument(reply)
    }
  }

  /// Shows a reply that holds a list: the elements of the member `name` as a table of `columns`.
  ///
  /// - Parameter csv: The columns of CSV, which are the same whatever the list holds.
  package func printList(
    _ reply: JSONValue, _ name: String, columns: [TableColumn], csv: CSVColumns
  ) throws {
    let elements = reply[name]?.elements ?? []
    switch format {
    case .table:
      let writer = TableWriter(columns: columns, width: output.columns, isColored: isColored)
      try output.write(writer.document(elements))
    case .csv:
      try output.write(csv.heading + elements.map(csv.row).joined())
    case .json, .yaml:
      try printDocument(reply)
    }
  }

  /// Shows any reply, as it is.
  package func print(_ reply: JSONValue) throws {
    switch format {
    case .table: try output.write(RecordWriter(isColored: isColored).document(reply))
    case .csv: try output.write(CSVWriter.document(rows: [reply]))
    case .json, .yaml: try printDocument(reply)
    }
  }

  private func printDocument(_ reply: JSONValue) throws {
    try output.write(
      format == .yaml ? YAMLWriter.document(reply) : reply.prettyText + "\n")
  }

  /// Begins a list whose elements come bit by bit.
  package func list(
    _ name: String, columns: [TableColumn], csv: CSVColumns
  ) -> ListPrinter {
    ListPrinter(printer: self, name: name, columns: columns, csv: csv)
  }
}
