/// Why a text is not JSON.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
  /// What is wrong.
  package var message: String
  /// The line of the place, from 1.
  package var line: Int

  package init(message: String, line: Int) {
    self.message = message
    self.line = line
  }

  package var description: String { "line \(line): \(message)" }
}

extension JSONValue {
  /// The greatest depth of arrays and objects that is read.
  package static let maximumDepth = 100

  /// Reads one JSON value (RFC 8259) and nothing after it.
  package init(parsing text: some StringProtocol) throws(JSONSyntaxError) {
    var parser = JSONParser(Array(text.utf8))
    self = try parser.document()
  }
}

/// A recursive-descent reader of JSON.
struct JSONParser {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    let value = try value()
    skipWhitespace()
    guard index == bytes.count else { throw failure("there is something after the JSON value") }
    return value
  }

  private func failure(_ message: String) -> JSONSyntaxError {
    let line = bytes.prefix(index).count { $0 == UInt8(ascii: "\n") } + 1
    return JSONSyntaxError(message: message, line: line)
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipWhitespace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index += 1
    }
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipWhitespace()
    switch current {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return try number()
    case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
      return try number()
    case nil: throw failure("the JSON text ends too early")
    default: throw failure("a JSON value was expected")
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    let matches = word.withUTF8Buffer { bytes[index...].starts(with: $0) }
    guard matches else { throw failure("a JSON value was expected") }
    index += word.utf8CodeUnitCount
    return value
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    index += 1
    guard depth <= JSONValue.maximumDepth else { throw failure("the JSON is nested too deeply") }
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members: [JSONValue.Member] = []
    skipWhitespace()
    if current == UInt8(ascii: "}") {
      index += 1
      return .object(members)
    }
    while true {
      skipWhitespace()
      guard current == UInt8(ascii: "\"") else { throw failure("a member name was expected") }
      let name = try string()
      skipWhitespace()
      guard current == UInt8(ascii: ":") else { throw failure("':' was expected") }
      index += 1
      members.append(JSONValue.Member(name, try value()))
      if try !nextElement(end: UInt8(ascii: "}")) { return .object(members) }
    }
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    skipWhitespace()
    if current == UInt8(ascii: "]") {
      index += 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      if try !nextElement(end: UInt8(ascii: "]")) { return .array(elements) }
    }
  }

  /// Passes a comma (true) or the closing bracket (false).
  private mutating func nextElement(end: UInt8) throws(JSONSyntaxError) -> Bool {
    skipWhitespace()
    switch current {
    case UInt8(ascii: ","):
      index += 1
      return true
    case end:
      index += 1
      return false
    default:
      throw failure("',' or '\(Character(Unicode.Scalar(end)))' was expected")
    }
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = index
    if current == UInt8(ascii: "-") { index += 1 }
    if current == UInt8(ascii: "0") {
      index += 1
    } else {
      try digits()
    }
    if current == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      index += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
    return .number(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = index
    while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { index += 1 }
    guard index > start else { throw failure("a digit was expected") }
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    index += 1
    var content: [UInt8] = []
    while let byte = current {
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: content, as: UTF8.self) else {
          throw failure("the string is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        content.append(contentsOf: try escape())
      case 0..<0x20:
        throw failure("a control character in a string must be escaped")
      default:
        content.append(byte)
      }
    }
    throw failure("a string is not closed")
  }

  private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
    guard let byte = current else { throw failure("a string is not closed") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try unicodeEscape()).utf8)
    default: throw failure("an unknown escape in a string")
    }
  }

  private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    var code = UInt32(try codeUnit())
    if code & 0xFC00 == 0xD800 {
      guard current == UInt8(ascii: "\\"), index + 1 < bytes.count,
        bytes[index + 1] == UInt8(ascii: "u")
      else { throw failure("half of a surrogate pair") }
      index += 2
      let low = UInt32(try codeUnit())
      guard low & 0xFC00 == 0xDC00 else { throw failure("half of a surrogate pair") }
      code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
    guard index + 4 <= bytes.count,
      let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits were expected") }
    index += 4
    return unit
  }
}
