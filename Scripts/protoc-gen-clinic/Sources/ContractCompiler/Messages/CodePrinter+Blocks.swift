import SwiftProtobufPluginLibrary

extension CodePrinter {
  /// Prints whole lines.
  mutating func printLines(_ lines: String...) {
    for line in lines { print(line, newlines: true) }
  }

  /// Prints lines inside of braces, two spaces further in.
  mutating func printBlock(
    _ head: String, _ tail: String = "}", _ body: (inout CodePrinter) -> Void
  ) {
    print(head, newlines: true)
    withIndentation { body(&$0) }
    print(tail, newlines: true)
  }

  /// Prints the contract's comment as documentation.
  mutating func printComment(_ comment: String) {
    if !comment.isEmpty { print(comment, newlines: false) }
  }
}

/// A Swift string literal.
func literal(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case "\0": result += "\\0"
    default:
      if scalar.value < 0x20 {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}
