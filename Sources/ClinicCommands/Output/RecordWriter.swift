/// Lays out one element as lines of name and value.
package struct RecordWriter: Sendable {
  /// Whether the names are styled.
  package let isColored: Bool

  package init(isColored: Bool) {
    self.isColored = isColored
  }

  /// The lines of `element` for the columns that have a text; a text of several lines is indented.
  package func document(_ element: JSONValue, columns: [TableColumn]) -> String {
    lines(columns.map { ($0.title, $0.text(element)) }.filter { !$0.1.isEmpty })
  }

  /// The lines of `value` as it is: every member by its name, nested ones by dotted names.
  package func document(_ value: JSONValue) -> String {
    lines(Self.flatten(value, path: ""))
  }

  private func lines(_ entries: [(String, String)]) -> String {
    let width = entries.map { DisplayWidth.of($0.0) }.max() ?? 0
    var text = ""
    for (name, value) in entries {
      let padding = String(repeating: " ", count: width - DisplayWidth.of(name))
      let values = value.split(separator: "\n", omittingEmptySubsequences: false)
        .map { DisplayWidth.printable(String($0)) }
      let separator = "\n" + String(repeating: " ", count: width + 2)
      text +=
        TextStyle.dim.apply(to: name, enabled: isColored) + padding + "  "
        + values.joined(separator: separator) + "\n"
    }
    return text
  }

  private static func flatten(_ value: JSONValue, path: String) -> [(String, String)] {
    if DateText.text(ofDate: value) != nil { return [(path, DisplayText.of(value))] }
    switch value {
    case .object(let members):
      return members.flatMap { member in
        flatten(member.value, path: path.isEmpty ? member.name : path + "." + member.name)
      }
    case .array(let elements) where elements.contains(where: \.isContainer):
      return elements.enumerated().flatMap { flatten($0.element, path: "\(path)[\($0.offset)]") }
    default:
      return [(path, DisplayText.of(value))]
    }
  }
}
