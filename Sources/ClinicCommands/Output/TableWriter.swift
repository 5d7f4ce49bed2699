/// Lays out a table so that it fits a terminal.
package struct TableWriter: Sendable {
  /// The columns.
  package let columns: [TableColumn]
  /// The width to fit into; nil for as wide as needed.
  package let width: Int?
  /// Whether the heading is styled.
  package let isColored: Bool

  private static let gap = "  "
  /// A flexible column is not cut below this width.
  private static let leastWidth = 6

  package init(columns: [TableColumn], width: Int?, isColored: Bool) {
    self.columns = columns
    self.width = width
    self.isColored = isColored
  }

  /// The texts of the elements' cells.
  package func cells(_ elements: [JSONValue]) -> [[String]] {
    elements.map { element in columns.map { DisplayWidth.printable($0.text(element)) } }
  }

  /// The widths that the columns get for these cells.
  package func widths(for cells: [[String]]) -> [Int] {
    var widths = columns.map { DisplayWidth.of($0.title) }
    for row in cells {
      for (index, text) in row.enumerated() {
        widths[index] = max(widths[index], DisplayWidth.of(text))
      }
    }
    guard let width else { return widths }
    var excess = widths.reduce(0, +) + Self.gap.count * (columns.count - 1) - width
    // The widest flexible column gives way, a column of text at a time.
    while excess > 0 {
      let candidates = columns.indices.filter {
        columns[$0].isFlexible && widths[$0] > Self.leastWidth
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  /// The heading's line.
  package func heading(widths: [Int]) -> String {
    TextStyle.bold.apply(
      to: line(columns.map { $0.title.uppercased() }, widths: widths), enabled: isColored)
      + "\n"
  }

  /// The lines of `cells`.
  package func body(_ cells: [[String]], widths: [Int]) -> String {
    var text = ""
    for row in cells { text += line(row, widths: widths) + "\n" }
    return text
  }

  /// Heading and lines of `elements`.
  package func document(_ elements: [JSONValue]) -> String {
    let cells = cells(elements)
    let widths = widths(for: cells)
    return heading(widths: widths) + body(cells, widths: widths)
  }

  private func line(_ row: [String], widths: [Int]) -> String {
    var line = ""
    for (index, cell) in row.enumerated() {
      let text = DisplayWidth.truncate(cell, to: widths[index])
      let padding = String(repeating: " ", count: widths[index] - DisplayWidth.of(text))
      if index > 0 { line += Self.gap }
      switch columns[index].alignment {
      case .trailing: line += padding + text
      case .leading: line += index == row.count - 1 ? text : text + padding
      }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
