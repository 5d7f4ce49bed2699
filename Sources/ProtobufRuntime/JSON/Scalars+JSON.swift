extension Bool: FieldValue {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.raw(self ? "true" : "false") }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.bool()
  }
}

extension String: FieldValue {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.string(self) }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.string()
  }
}

extension Int32: FieldValue {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.raw(String(self)) }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.integer()
  }
}

extension UInt32: FieldValue {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.raw(String(self)) }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.integer()
  }
}

// 64-bit numbers are strings in JSON, because many readers of JSON keep only 53 bits.

extension Int64: FieldValue {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.raw("\"\(self)\"") }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.integer()
  }
}

extension UInt64: FieldValue {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.raw("\"\(self)\"") }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.integer()
  }
}

extension Float: FieldValue {
  /// Whether the value equals that of a field that is not set.
  public var isDefault: Bool { bitPattern == 0 }

  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.number(self) }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.floatingPoint()
  }
}

extension Double: FieldValue {
  /// Whether the value equals that of a field that is not set.
  public var isDefault: Bool { bitPattern == 0 }

  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.number(self) }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self = try reader.floatingPoint()
  }
}

extension Array: FieldValue where Element == UInt8 {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) { writer.string(Base64.encode(self)) }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    guard let bytes = Base64.decode(try reader.string()) else {
      throw reader.error(.invalidFormat)
    }
    self = bytes
  }
}

extension OpenEnum {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    if !writer.options.writesEnumsAsNumbers, let name = protoName {
      writer.string(name)
    } else {
      writer.raw(String(rawValue))
    }
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    guard reader.peek() == UInt8(ascii: "\"") else {
      self.init(rawValue: try reader.integer())
      return
    }
    guard let number = Self.descriptor.number(name: try reader.string()) else {
      if reader.options.ignoresUnknownFields { return nil }
      throw reader.error(.unknownEnumValue)
    }
    self.init(rawValue: number)
  }
}

extension JSONReader {
  /// A whole number, as a number or in a string. `1e3` and `5.0` are whole.
  mutating func integer<Number: FixedWidthInteger>() throws(JSONError) -> Number {
    let text = try numberText()
    if let value = Number(text) { return value }
    guard let digits = Self.wholeDigits(text), let value = Number(digits) else {
      throw error(.outOfRange)
    }
    return value
  }

  /// The digits of a number with a fraction or an exponent, as `1500` for `1.5e3`; nil where it is
  /// not whole or has over 20 digits.
  private static func wholeDigits(_ number: String) -> String? {
    let parts = number.lowercased().split(separator: "e")
    guard let mantissa = parts.first, let exponent = Int(parts.count > 1 ? parts[1] : "0") else {
      return nil
    }
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    let halves = mantissa.drop { $0 == "-" }.split(separator: ".")
    var digits = halves.joined().drop { $0 == "0" }
    var scale = exponent.subtractingReportingOverflow(halves.count > 1 ? halves[1].count : 0)
      .partialValue
    while digits.last == "0" {
      digits.removeLast()
      scale = scale &+ 1
    }
    if digits.isEmpty { return "0" }
    guard (0...20).contains(scale) else { return nil }
    return sign + digits + String(repeating: "0", count: scale)
  }

  /// A number, as a number or in a string, or one of the three that JSON lacks.
  mutating func floatingPoint<Number: BinaryFloatingPoint & LosslessStringConvertible>()
    throws(JSONError) -> Number
  {
    if peek() == UInt8(ascii: "\"") {
      let mark = mark
      switch try string() {
      case "NaN": return .nan
      case "Infinity": return .infinity
      case "-Infinity": return -.infinity
      default: reset(to: mark)
      }
    }
    guard let value = Number(try numberText()) else { throw error(.malformed) }
    guard value.isFinite else { throw error(.outOfRange) }
    return value
  }

  /// The text of a number, which may stand in quotes.
  private mutating func numberText() throws(JSONError) -> String {
    switch peek() {
    case UInt8(ascii: "\""):
      let place = error(.wrongType)
      var text = try string()
      let result: Result<String, JSONError> = text.withUTF8 { bytes in
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return .failure(place) }
        var inner = JSONReader(start, count: bytes.count, options: options)
        guard !inner.startsWithBlank, let token = try? inner.numberToken(), inner.isAtEnd else {
          return .failure(place)
        }
        return .success(token)
      }
      return try result.get()
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      return try numberToken()
    default: throw try wrongType()
    }
  }
}
