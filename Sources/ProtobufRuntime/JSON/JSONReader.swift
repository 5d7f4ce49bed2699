/// Reads JSON (RFC 8259) from memory that outlives it.
public struct JSONReader {
  let options: JSONDecodingOptions
  private let start: UnsafePointer<UInt8>
  fileprivate let end: UnsafePointer<UInt8>
  fileprivate var position: UnsafePointer<UInt8>
  private var depth: Int

  init(_ start: UnsafePointer<UInt8>, count: Int, options: JSONDecodingOptions) {
    self.options = options
    self.start = start
    end = start + count
    position = start
    depth = options.depth
  }

  /// An error at this place.
  func error(_ code: JSONError.Code) -> JSONError {
    JSONError(code, offset: position - start)
  }

  // MARK: Structure

  /// A place to come back to.
  struct Mark {
    fileprivate let position: UnsafePointer<UInt8>
  }

  var mark: Mark { Mark(position: position) }

  mutating func reset(to mark: Mark) {
    position = mark.position
  }

  /// The first byte of the next value, or nil at the end.
  mutating func peek() -> UInt8? {
    while position < end {
      switch position.pointee {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return position.pointee
      }
    }
    return nil
  }

  /// Takes a punctuation mark if it is next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard take(byte) else { throw error(.malformed) }
  }

  mutating func finish() throws(JSONError) {
    guard peek() == nil else { throw error(.malformed) }
  }

  /// Calls `body` for each member of an object, with the reader before its value.
  mutating func object(
    _ body: (inout JSONReader, String) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard peek() == UInt8(ascii: "{") else { throw try wrongType() }
    try enter()
    if !take(UInt8(ascii: "}")) {
      repeat {
        let key = try string()
        try expect(UInt8(ascii: ":"))
        try body(&self, key)
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "}"))
    }
    depth += 1
  }

  /// Calls `body` for each element of an array, with the reader before it.
  mutating func array(
    _ body: (inout JSONReader, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard peek() == UInt8(ascii: "[") else { throw try wrongType() }
    try enter()
    if !take(UInt8(ascii: "]")) {
      var index = 0
      repeat {
        try body(&self, index)
        index += 1
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "]"))
    }
    depth += 1
  }

  private mutating func enter() throws(JSONError) {
    guard depth > 0 else { throw error(.tooDeep) }
    depth -= 1
    position += 1
  }

  /// The error for a value of another kind than the field's; `malformed` where there is no value.
  mutating func wrongType() throws(JSONError) -> JSONError {
    let found = error(.wrongType)
    try skipValue()
    return found
  }

  mutating func skipValue() throws(JSONError) {
    switch peek() {
    case UInt8(ascii: "{"): try object { (reader, _) throws(JSONError) in try reader.skipValue() }
    case UInt8(ascii: "["): try array { (reader, _) throws(JSONError) in try reader.skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): try null()
    default: _ = try numberToken()
    }
  }

  // MARK: Values

  mutating func isNull() -> Bool { peek() == UInt8(ascii: "n") }

  mutating func null() throws(JSONError) { try word("null") }

  mutating func bool() throws(JSONError) -> Bool {
    switch peek() {
    case UInt8(ascii: "t"):
      try word("true")
      return true
    case UInt8(ascii: "f"):
      try word("false")
      return false
    default: throw try wrongType()
    }
  }

  private mutating func word(_ text: StaticString) throws(JSONError) {
    for index in 0..<text.utf8CodeUnitCount {
      guard position < end, position.pointee == text.utf8Start[index] else {
        throw error(.malformed)
      }
      position += 1
    }
  }

  /// The text of a number: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  mutating func numberToken() throws(JSONError) -> String {
    _ = peek()
    let first = position
    if position < end, position.pointee == UInt8(ascii: "-") { position += 1 }
    let leading = position
    let count = digits()
    guard count > 0, count == 1 || leading.pointee != UInt8(ascii: "0") else {
      throw error(.malformed)
    }
    if position < end, position.pointee == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw error(.malformed) }
    }
    if position < end, position.pointee | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < end,
        position.pointee == UInt8(ascii: "+") || position.pointee == UInt8(ascii: "-")
      {
        position += 1
      }
      guard digits() > 0 else { throw error(.malformed) }
    }
    return String(
      decoding: UnsafeBufferPointer(start: first, count: position - first), as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let first = position
    while position < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(position.pointee) {
      position += 1
    }
    return position - first
  }

  mutating func string() throws(JSONError) -> String {
    guard peek() == UInt8(ascii: "\"") else {
      if peek() == nil { throw error(.malformed) }
      throw try wrongType()
    }
    position += 1
    let first = position
    while position < end {
      switch position.pointee {
      case UInt8(ascii: "\""):
        let bytes = UnsafeBufferPointer(start: first, count: position - first)
        position += 1
        return try text(bytes)
      case UInt8(ascii: "\\"): return try escapedString(from: first)
      case 0..<0x20: throw error(.malformed)
      default: position += 1
      }
    }
    throw error(.malformed)
  }

  private func text(_ bytes: some Sequence<UInt8>) throws(JSONError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw error(.malformed) }
    return text
  }

  private mutating func escapedString(from first: UnsafePointer<UInt8>) throws(JSONError) -> String
  {
    var bytes = [UInt8](UnsafeBufferPointer(start: first, count: position - first))
    while position < end {
      let byte = position.pointee
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(bytes)
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case 0..<0x20: throw error(.malformed)
      default: bytes.append(byte)
      }
    }
    throw error(.malformed)
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
    guard position < end else { throw error(.malformed) }
    let byte = position.pointee
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0c)
    case UInt8(ascii: "n"): bytes.append(0x0a)
    case UInt8(ascii: "r"): bytes.append(0x0d)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "u"):
      let unit = try hexUnit()
      var value = UInt32(unit)
      if UTF16.isLeadSurrogate(unit) {
        // Half of a pair: the other half must follow, as an escape too.
        try expectEscape()
        let trail = try hexUnit()
        guard UTF16.isTrailSurrogate(trail) else { throw error(.malformed) }
        value = 0x10000 + (UInt32(unit - 0xd800) << 10) + UInt32(trail - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(value) else { throw error(.malformed) }
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw error(.malformed)
    }
  }

  private mutating func expectEscape() throws(JSONError) {
    guard end - position >= 2, position[0] == UInt8(ascii: "\\"), position[1] == UInt8(ascii: "u")
    else { throw error(.malformed) }
    position += 2
  }

  private mutating func hexUnit() throws(JSONError) -> UInt16 {
    guard end - position >= 4 else { throw error(.malformed) }
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(position.pointee)).hexDigitValue else {
        throw error(.malformed)
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }
}

extension JSONReader {
  /// Whether white space comes next.
  var startsWithBlank: Bool {
    position < end && [0x20, 0x09, 0x0a, 0x0d].contains(position.pointee)
  }

  /// Whether nothing follows, not even white space.
  var isAtEnd: Bool { position == end }
}
