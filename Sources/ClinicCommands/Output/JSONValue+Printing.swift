extension JSONValue {
  /// The value as JSON text on one line.
  package var compactText: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// The value as JSON text, two blanks a level.
  package var prettyText: String {
    var text = ""
    write(to: &text, indent: 0)
    return text
  }

  /// Writes the value as JSON; on one line where `indent` is nil, else with this many blanks before
  /// the closing bracket.
  package func write(to text: inout String, indent: Int?) {
    switch self {
    case .null, .bool, .number:
      text += self == .null ? "null" : scalarText ?? ""
    case .string(let string):
      Self.write(string, to: &text)
    case .array(let elements):
      Self.write(elements, "[", "]", to: &text, indent: indent) { element, inner, text in
        element.write(to: &text, indent: inner)
      }
    case .object(let members):
      Self.write(members, "{", "}", to: &text, indent: indent) { member, inner, text in
        Self.write(member.name, to: &text)
        text += indent == nil ? ":" : ": "
        member.value.write(to: &text, indent: inner)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], _ open: String, _ close: String, to text: inout String, indent: Int?,
    item writeItem: (Item, Int?, inout String) -> Void
  ) {
    text += open
    guard !items.isEmpty else {
      text += close
      return
    }
    let inner = indent.map { $0 + 2 }
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) }
      writeItem(item, inner, &text)
    }
    if let indent { text += "\n" + String(repeating: " ", count: indent) }
    text += close
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
