/// A column of a table, or a line of a record.
package struct TableColumn: Sendable {
  /// Which side the values stand at.
  package enum Alignment: Sendable { case leading, trailing }

  /// The heading.
  package var title: String
  /// Where the values stand.
  package var alignment: Alignment
  /// The column may be cut to make the table fit.
  package var isFlexible: Bool
  /// The cell's text for an element.
  package var text: @Sendable (JSONValue) -> String

  package init(
    _ title: String, alignment: Alignment = .leading, isFlexible: Bool = true,
    text: @escaping @Sendable (JSONValue) -> String
  ) {
    self.title = title
    self.alignment = alignment
    self.isFlexible = isFlexible
    self.text = text
  }

  /// A column of the value at a path of JSON names.
  package init(
    _ title: String, _ path: String, alignment: Alignment = .leading, isFlexible: Bool = true
  ) {
    self.init(title, alignment: alignment, isFlexible: isFlexible) { element in
      element.value(at: path).map(DisplayText.of) ?? ""
    }
  }
}
