/// What the user says that columns are: `birth_date=DOB,name.family=Surname`.
package struct ColumnMap: Sendable, Hashable {
  /// One assignment.
  package struct Entry: Sendable, Hashable {
    /// What the column becomes, as the user writes it.
    package var target: String
    /// The column's heading.
    package var column: String

    package init(target: String, column: String) {
      self.target = target
      self.column = column
    }
  }

  /// The assignments in their order.
  package private(set) var entries: [Entry] = []

  package init() {}

  /// Adds the assignments of a command line: parted by commas, headings with a comma or blanks at
  /// an end in double quotes.
  package mutating func add(option text: String) throws(CommandFailure) {
    var rest = Substring(text)
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: "=") else {
        throw .usage("'\(rest)' assigns no column", hint: "write it as birth_date=DOB")
      }
      let target = ValueReader.trimmed(String(rest[..<equals]))
      rest = rest[rest.index(after: equals)...].drop { $0 == " " }
      let column: String
      if rest.first == "\"" {
        (column, rest) = try Self.quoted(rest)
      } else {
        column = ValueReader.trimmed(String(rest.prefix { $0 != "," }))
        rest = rest.drop { $0 != "," }
      }
      rest = rest.drop { $0 == " " }
      guard rest.isEmpty || rest.first == "," else {
        throw .usage("after the quoted heading '\(column)' a comma must follow")
      }
      rest = rest.dropFirst()
      try add(target: target, column: column)
    }
  }

  /// Adds the assignments of a file: one on a line; blank lines and lines that begin with `#` say
  /// nothing.
  package mutating func add(file text: String) throws(CommandFailure) {
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = ValueReader.trimmed(String(line))
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      guard let equals = line.firstIndex(of: "=") else {
        throw .usage("line \(number + 1) of the map assigns no column: '\(line)'")
      }
      var column = ValueReader.trimmed(String(line[line.index(after: equals)...]))
      if column.hasPrefix("\"") {
        let (text, rest) = try Self.quoted(Substring(column))
        guard rest.isEmpty else {
          throw .usage("line \(number + 1) of the map goes on after the quoted heading")
        }
        column = text
      }
      try add(target: ValueReader.trimmed(String(line[..<equals])), column: column)
    }
  }

  private mutating func add(target: String, column: String) throws(CommandFailure) {
    guard !target.isEmpty, !column.isEmpty else {
      throw .usage("'\(target)=\(column)' assigns no column", hint: "write it as birth_date=DOB")
    }
    entries.append(Entry(target: target, column: column))
  }

  private static func quoted(
    _ text: Substring
  ) throws(CommandFailure) -> (String, rest: Substring) {
    var content = ""
    var rest = text.dropFirst()
    while let end = rest.firstIndex(of: "\"") {
      content += rest[..<end]
      rest = rest[rest.index(after: end)...]
      guard rest.first == "\"" else { return (content, rest) }
      content += "\""
      rest = rest.dropFirst()
    }
    throw .usage("a quoted heading is not closed: \(text)")
  }
}
