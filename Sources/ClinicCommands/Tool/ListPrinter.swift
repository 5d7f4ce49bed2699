/// Shows a long list bit by bit, as one document.
///
/// The columns' widths of a table are those of the first bit.
package struct ListPrinter {
  private let printer: ReplyPrinter
  private let name: String
  private let columns: [TableColumn]
  private let csv: CSVColumns
  private var isBegun = false
  private var isEmpty = true
  private var widths: [Int] = []

  init(printer: ReplyPrinter, name: String, columns: [TableColumn], csv: CSVColumns) {
    self.printer = printer
    self.name = name
    self.columns = columns
    self.csv = csv
  }

  /// Shows the next elements.
  package mutating func add(_ elements: [JSONValue]) throws {
    var text = ""
    if !isBegun { text += opening(elements) }
    isBegun = true
    switch printer.format {
    case .table:
      text += table.body(table.cells(elements), widths: widths)
    case .csv:
      text += elements.map(csv.row).joined()
    case .yaml:
      YAMLWriter.write(elements, indent: 2, to: &text)
    case .json:
      for element in elements {
        text += isEmpty ? "\n    " : ",\n    "
        isEmpty = false
        element.write(to: &text, indent: 4)
      }
    }
    if !elements.isEmpty { isEmpty = false }
    try printer.output.write(text)
  }

  /// Ends the list.
  package mutating func finish() throws {
    if !isBegun || isEmpty, printer.format == .yaml {
      try printer.output.write(name + ": []\n")
      return
    }
    if !isBegun { try add([]) }
    if printer.format == .json { try printer.output.write(isEmpty ? "]\n}\n" : "\n  ]\n}\n") }
  }

  private var table: TableWriter {
    TableWriter(columns: columns, width: printer.output.columns, isColored: printer.isColored)
  }

  private mutating func opening(_ elements: [JSONValue]) -> String {
    switch printer.format {
    case .table:
      widths = table.widths(for: table.cells(elements))
      return table.heading(widths: widths)
    case .csv:
      return csv.heading
    case .yaml:
      return elements.isEmpty ? "" : name + ":\n"
    case .json:
      return "{\n  " + JSONValue.string(name).compactText + ": ["
    }
  }
}
