internal import ProtobufRuntime

/// The columns of a list as CSV: every value of its elements by its path in JSON, whether or not an
/// element has it, so that a script finds the same columns in every list.
package struct CSVColumns: Sendable {
  /// The headings.
  package let names: [String]

  /// Columns of the values at these paths.
  package init(_ names: [String]) {
    self.names = names
  }

  /// The fields of a message. Dates and times are one column each; lists and maps stay JSON.
  package init(_ schema: MessageSchema) {
    names = Self.names(of: schema, prefix: "", within: [])
  }

  init<Element: Message>(of element: Element.Type) {
    self.init(MessageSchema(Element.descriptor))
  }

  /// The header's line.
  package var heading: String { CSVWriter.row(names) }

  /// The line of an element.
  package func row(_ element: JSONValue) -> String {
    CSVWriter.row(names.map { element.value(at: $0).map(CSVWriter.cell) ?? "" })
  }

  private static func names(
    of schema: MessageSchema, prefix: String, within outer: Set<String>
  ) -> [String] {
    schema.fields.flatMap { field -> [String] in
      let name = prefix + field.jsonName
      guard case .message(let type) = field.kind, !field.isRepeated, !field.isMap,
        type != "clinic.v1.Date", !type.hasPrefix("google.protobuf."), !outer.contains(type),
        let inner = schema.lookUp(type)
      else { return [name] }
      return names(of: inner, prefix: name + ".", within: outer.union([type]))
    }
  }
}
