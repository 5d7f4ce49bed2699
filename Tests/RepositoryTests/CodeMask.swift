/// Leaves of Swift text only the code: comments and the texts of literals become blanks, so that a
/// rule about code is not about words. What an interpolation computes is blanked with its literal.
struct CodeMask {
  private enum State: Equatable {
    case code
    case lineComment
    case blockComment(depth: Int)
    case literal(hashes: Int, isMultiline: Bool, parentheses: Int)
  }

  /// What a comment or a literal may begin with.
  private static let openings = Set("/\"#".utf8)
  /// What may end or change one.
  private static let turns = Set("/*\"\\()\n".utf8)

  private let text: [UInt8]
  private var position = 0
  private var state = State.code
  private var output: [UInt8] = []

  /// The code of a text, with the same lines.
  static func code(of text: String) -> String {
    var mask = CodeMask(text: Array(text.utf8))
    mask.run()
    return String(decoding: mask.output, as: UTF8.self)
  }

  private init(text: [UInt8]) {
    self.text = text
    output.reserveCapacity(text.count)
  }

  private mutating func run() {
    while position < text.count {
      switch state {
      case .code: readCode()
      case .lineComment:
        if text[position] == UInt8(ascii: "\n") { state = .code }
        blank(1)
      case .blockComment(let depth): readComment(depth: depth)
      case .literal(let hashes, let isMultiline, let parentheses):
        readLiteral(hashes: hashes, isMultiline: isMultiline, parentheses: parentheses)
      }
    }
  }

  private mutating func readCode() {
    guard Self.openings.contains(text[position]) else {
      output.append(text[position])
      position += 1
      return
    }
    if hasPrefix("//") {
      state = .lineComment
      blank(2)
    } else if hasPrefix("/*") {
      state = .blockComment(depth: 1)
      blank(2)
    } else if let opening = openingOfLiteral() {
      state = .literal(hashes: opening.hashes, isMultiline: opening.quotes == 3, parentheses: 0)
      blank(opening.hashes + opening.quotes)
    } else {
      output.append(text[position])
      position += 1
    }
  }

  private mutating func readComment(depth: Int) {
    guard Self.turns.contains(text[position]) else { return blank(1) }
    if hasPrefix("*/") {
      state = depth == 1 ? .code : .blockComment(depth: depth - 1)
      blank(2)
    } else if hasPrefix("/*") {
      state = .blockComment(depth: depth + 1)
      blank(2)
    } else {
      blank(1)
    }
  }

  /// One step in a literal. `parentheses` counts those that are open in an interpolation; a literal
  /// in there is taken for its outer one's end and start, which blanks the same.
  private mutating func readLiteral(hashes: Int, isMultiline: Bool, parentheses: Int) {
    guard Self.turns.contains(text[position]) else { return blank(1) }
    let marks = String(repeating: "#", count: hashes)
    var open = parentheses
    if open == 0, hasPrefix((isMultiline ? "\"\"\"" : "\"") + marks) {
      state = .code
      blank((isMultiline ? 3 : 1) + hashes)
      return
    }
    if hasPrefix("\\" + marks + "(") {
      open += 1
      blank(2 + hashes)
    } else if hasPrefix("\\" + marks) {
      blank(2 + hashes)
    } else {
      if open > 0, hasPrefix("(") { open += 1 }
      if open > 0, hasPrefix(")") { open -= 1 }
      if !isMultiline, hasPrefix("\n") {
        state = .code
        blank(1)
        return
      }
      blank(1)
    }
    state = .literal(hashes: hashes, isMultiline: isMultiline, parentheses: open)
  }

  private func openingOfLiteral() -> (hashes: Int, quotes: Int)? {
    var end = position
    while end < text.count, text[end] == UInt8(ascii: "#") { end += 1 }
    guard end < text.count, text[end] == UInt8(ascii: "\"") else { return nil }
    let isMultiline = text[end...].starts(with: "\"\"\"".utf8)
    return (end - position, isMultiline ? 3 : 1)
  }

  private func hasPrefix(_ prefix: String) -> Bool {
    text[position...].starts(with: prefix.utf8)
  }

  private mutating func blank(_ count: Int) {
    for byte in text[position..<min(position + count, text.count)] {
      output.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
    }
    position = min(position + count, text.count)
  }
}
