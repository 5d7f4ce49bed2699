/// Writes JSON values as YAML 1.2 in block style.
package enum YAMLWriter {
  /// The document of `value`, ending in a line feed.
  package static func document(_ value: JSONValue) -> String {
    var text = ""
    switch value {
    case .object(let members) where !members.isEmpty: write(members, indent: 0, to: &text)
    case .array(let elements) where !elements.isEmpty: write(elements, indent: 0, to: &text)
    default: text += scalar(value) + "\n"
    }
    return text
  }

  /// Writes the elements of a list that begins at column `indent`.
  package static func write(_ elements: [JSONValue], indent: Int, to text: inout String) {
    let blanks = String(repeating: " ", count: indent)
    for element in elements {
      switch element {
      case .object(let members) where !members.isEmpty:
        var inner = ""
        write(members, indent: indent + 2, to: &inner)
        text += blanks + "- " + inner.dropFirst(indent + 2)
      case .array(let nested) where !nested.isEmpty:
        text += blanks + "-\n"
        write(nested, indent: indent + 2, to: &text)
      default:
        text += blanks + "- " + scalar(element) + "\n"
      }
    }
  }

  private static func write(_ members: [JSONValue.Member], indent: Int, to text: inout String) {
    let blanks = String(repeating: " ", count: indent)
    for member in members {
      text += blanks + quotedIfNeeded(member.name) + ":"
      switch member.value {
      case .object(let inner) where !inner.isEmpty:
        text += "\n"
        write(inner, indent: indent + 2, to: &text)
      case .array(let elements) where !elements.isEmpty:
        text += "\n"
        write(elements, indent: indent + 2, to: &text)
      default:
        text += " " + scalar(member.value) + "\n"
      }
    }
  }

  private static func scalar(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let bool): bool ? "true" : "false"
    case .number(let number): number
    case .string(let string): quotedIfNeeded(string)
    case .array: "[]"
    case .object: "{}"
    }
  }

  /// Words that YAML 1.1 or 1.2 readers take for something other than a string.
  private static let reserved: Set<String> = [
    "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf", "+.inf",
    ".nan"
  ]

  /// A string as it is where every reader takes it for that string, else quoted as in JSON (which
  /// YAML contains).
  static func quotedIfNeeded(_ string: String) -> String {
    let isPlain =
      !reserved.contains(string.lowercased())
      && string.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0)
          || " _-./+@()'".unicodeScalars.contains($0)
      }
      && string.unicodeScalars.first.map { $0.properties.isAlphabetic } == true
      && string.last != " "
    return isPlain ? string : JSONValue.string(string).compactText
  }
}
