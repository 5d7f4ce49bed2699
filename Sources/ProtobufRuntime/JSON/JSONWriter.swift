/// Writes proto3 JSON into a buffer.
public struct JSONWriter {
  let options: JSONEncodingOptions
  private(set) var output: [UInt8] = []
  private var depth = 0
  private var isFirst = true
  /// How many levels of messages may still be nested.
  private var remainingDepth = 100

  init(options: JSONEncodingOptions) {
    self.options = options
  }

  // MARK: Structure

  mutating func beginObject() throws(JSONError) { try begin(UInt8(ascii: "{")) }
  mutating func endObject() { end(UInt8(ascii: "}")) }
  mutating func beginArray() throws(JSONError) { try begin(UInt8(ascii: "[")) }
  mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Begins the next element of an array.
  mutating func element() {
    if !isFirst { output.append(UInt8(ascii: ",")) }
    isFirst = false
    breakLine()
  }

  /// Begins the next member of an object.
  mutating func key(_ name: String) {
    element()
    string(name)
    output.append(UInt8(ascii: ":"))
    if options.isPretty { output.append(UInt8(ascii: " ")) }
  }

  private mutating func begin(_ bracket: UInt8) throws(JSONError) {
    guard remainingDepth >= 0 else { throw JSONError(.tooDeep) }
    remainingDepth -= 1
    output.append(bracket)
    depth += 1
    isFirst = true
  }

  private mutating func end(_ bracket: UInt8) {
    remainingDepth += 1
    depth -= 1
    if !isFirst { breakLine() }
    output.append(bracket)
    isFirst = false
  }

  private mutating func breakLine() {
    guard options.isPretty else { return }
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  // MARK: Values

  /// Writes text as it is.
  mutating func raw(_ text: String) {
    output.append(contentsOf: text.utf8)
  }

  mutating func null() { raw("null") }

  mutating func string(_ text: String) {
    output.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      for index in 0..<bytes.count where Self.needsEscape(bytes[index]) {
        output.append(contentsOf: bytes[start..<index])
        escape(bytes[index])
        start = index + 1
      }
      output.append(contentsOf: bytes[start...])
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw("\\\"")
    case UInt8(ascii: "\\"): raw("\\\\")
    case 0x08: raw("\\b")
    case 0x09: raw("\\t")
    case 0x0a: raw("\\n")
    case 0x0c: raw("\\f")
    case 0x0d: raw("\\r")
    default:
      let digits = Array("0123456789abcdef".utf8)
      raw("\\u00")
      output.append(digits[Int(byte >> 4)])
      output.append(digits[Int(byte & 15)])
    }
  }

  /// The shortest text that reads as the same number; the three that JSON lacks as strings.
  mutating func number<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Number) {
    if value.isNaN {
      raw("\"NaN\"")
    } else if value.isInfinite {
      raw(value > 0 ? "\"Infinity\"" : "\"-Infinity\"")
    } else {
      let text = String(value)
      raw(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }
  }

  // MARK: Messages

  /// Writes a message's fields as members of the object that is open.
  mutating func fields<M: Message>(of message: M) throws(JSONError) {
    var visitor = JSONFieldWriter(writer: self, descriptor: M.descriptor)
    output = []
    do throws(JSONError) {
      try message.visitFields(&visitor)
    } catch {
      throw error
    }
    self = visitor.writer
  }
}

/// Writes the fields of one message as members of an object.
private struct JSONFieldWriter: FieldVisitor {
  var writer: JSONWriter
  let descriptor: MessageDescriptor

  mutating func value(_ index: Int, _ value: some FieldValue) throws(JSONError) {
    guard writer.options.includesDefaults || !value.isDefault else { return }
    try member(index, value)
  }

  mutating func optional(_ index: Int, _ value: (some FieldValue)?) throws(JSONError) {
    if let value { try member(index, value) }
  }

  mutating func list(_ index: Int, _ values: [some FieldValue]) throws(JSONError) {
    guard writer.options.includesDefaults || !values.isEmpty else { return }
    writer.key(name(index))
    try writer.beginArray()
    for (position, value) in values.enumerated() {
      writer.element()
      do throws(JSONError) {
        try value.writeJSON(to: &writer)
      } catch {
        throw error.inside("\(name(index))[\(position)]")
      }
    }
    writer.endArray()
  }

  mutating func map<Key: MapKey>(
    _ index: Int, _ values: [Key: some FieldValue]
  ) throws(JSONError) {
    guard writer.options.includesDefaults || !values.isEmpty else { return }
    writer.key(name(index))
    try writer.beginObject()
    for (key, value) in values.sorted(by: { Key.precedes($0.key, $1.key) }) {
      writer.key(key.jsonKey)
      do throws(JSONError) {
        try value.writeJSON(to: &writer)
      } catch {
        throw error.inside(name(index))
      }
    }
    writer.endObject()
  }

  private mutating func member(_ index: Int, _ value: some FieldValue) throws(JSONError) {
    writer.key(name(index))
    do throws(JSONError) {
      try value.writeJSON(to: &writer)
    } catch {
      throw error.inside(name(index))
    }
  }

  private func name(_ index: Int) -> String {
    let field = descriptor.fields[index]
    return writer.options.usesProtoNames ? field.name : field.jsonName
  }
}
