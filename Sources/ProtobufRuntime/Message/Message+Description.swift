extension Message {
  /// The fields that are set, for logs. What the contract does not call public stands there only as
  /// `<personal>`, `<clinical>` or `<secret>`.
  public var description: String {
    var visitor = DescriptionWriter(descriptor: Self.descriptor)
    // This visitor does not throw.
    try? visitFields(&visitor)
    if !unknownFields.isEmpty { visitor.parts.append("<unknown fields>") }
    return "\(Self.descriptor.name)(\(visitor.parts.joined(separator: ", ")))"
  }
}

/// Describes the fields of one message.
private struct DescriptionWriter: FieldVisitor {
  let descriptor: MessageDescriptor
  var parts: [String] = []

  mutating func value(_ index: Int, _ value: some FieldValue) {
    if !value.isDefault { add(index) { Self.text(value) } }
  }

  mutating func optional(_ index: Int, _ value: (some FieldValue)?) {
    if let value { add(index) { Self.text(value) } }
  }

  mutating func list(_ index: Int, _ values: [some FieldValue]) {
    guard !values.isEmpty else { return }
    add(index) { Self.list(values.lazy.map(Self.text), count: values.count) }
  }

  mutating func map<Key: MapKey>(_ index: Int, _ values: [Key: some FieldValue]) {
    guard !values.isEmpty else { return }
    add(index) {
      let sorted = values.sorted { Key.precedes($0.key, $1.key) }
      return Self.list(
        sorted.lazy.map { "\($0.key.jsonKey): \(Self.text($0.value))" }, count: sorted.count)
    }
  }

  private mutating func add(_ index: Int, _ text: () -> String) {
    let field = descriptor.fields[index]
    let value = field.sensitivity > .public ? "<\(field.sensitivity)>" : text()
    parts.append("\(field.name): \(value)")
  }

  /// The most elements of a list, and characters of a string, that a line of a log holds.
  private static let listLimit = 8
  private static let textLimit = 120

  private static func list(_ texts: some Sequence<String>, count: Int) -> String {
    let shown = texts.prefix(listLimit).joined(separator: ", ")
    return count > listLimit ? "[\(shown), … \(count - listLimit) more]" : "[\(shown)]"
  }

  private static func text(_ value: some FieldValue) -> String {
    switch value {
    case let text as String:
      text.count > textLimit ? "\"\(text.prefix(textLimit))…\"" : "\"\(text)\""
    case let bytes as [UInt8]: "\(bytes.count) bytes"
    default: "\(value)"
    }
  }
}
