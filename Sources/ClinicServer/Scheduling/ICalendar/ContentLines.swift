/// Lines of an iCalendar text (RFC 5545 §3.1): folded, and ended by CRLF.
struct ContentLines: Sendable {
  /// The most octets of a line, without its end.
  static let width = 75

  private(set) var text = ""

  /// Adds a property whose value is of a type that needs no escaping, such as a time.
  mutating func add(_ name: String, _ value: String) { fold("\(name):\(value)") }

  /// Adds a property with a text for its value.
  mutating func add(_ name: String, text value: String) { add(name, Self.escaped(value)) }

  /// A text as a value (§3.3.11): line ends become `\n`, and no other control character is left.
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    // As scalars: CR LF is one Character.
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", ";", ",":
        escaped.append("\\")
        escaped.append(scalar)
      case "\n" where previous == "\r": break
      case "\n", "\r": escaped.append(contentsOf: "\\n".unicodeScalars)
      case "\t": escaped.append(scalar)
      default:
        if scalar.properties.generalCategory != .control { escaped.append(scalar) }
      }
      previous = scalar
    }
    return String(escaped)
  }

  /// Adds a line, broken before the character that would not fit: never inside of its octets.
  private mutating func fold(_ line: String) {
    var used = 0
    for scalar in line.unicodeScalars {
      let octets = UTF8.width(scalar)
      if used + octets > Self.width {
        text += "\r\n "
        used = 1
      }
      text.unicodeScalars.append(scalar)
      used += octets
    }
    text += "\r\n"
  }
}
