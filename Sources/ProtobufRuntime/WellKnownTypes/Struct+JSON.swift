extension ProtoNullValue {
  /// Whether null is a value of this type.
  public static var acceptsNull: Bool { true }

  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) {
    switch self {
    case .nullValue: writer.null()
    case .unrecognized(let number): writer.raw(String(number))
    }
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    if reader.isNull() {
      try reader.null()
      self = .nullValue
    } else if reader.peek() == UInt8(ascii: "\"") {
      guard try reader.string() == "NULL_VALUE" else { throw reader.error(.unknownEnumValue) }
      self = .nullValue
    } else {
      self.init(rawValue: try reader.integer())
    }
  }
}

extension ProtoValue {
  /// Whether null is a value of this type.
  public static var acceptsNull: Bool { true }

  /// Throws where no kind is set, or a number is not finite: JSON has neither.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    switch kind {
    case .nullValue: writer.null()
    case .numberValue(let number):
      guard number.isFinite else { throw JSONError(.unrepresentable) }
      number.writeJSON(to: &writer)
    case .stringValue(let text): text.writeJSON(to: &writer)
    case .boolValue(let flag): flag.writeJSON(to: &writer)
    case .structValue(let value): try value.writeJSON(to: &writer)
    case .listValue(let value): try value.writeJSON(to: &writer)
    case nil: throw JSONError(.unrepresentable)
    }
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    switch reader.peek() {
    case UInt8(ascii: "{"):
      guard let value = try ProtoStruct(json: &reader) else { return nil }
      self.init(kind: .structValue(value))
    case UInt8(ascii: "["):
      guard let value = try ProtoListValue(json: &reader) else { return nil }
      self.init(kind: .listValue(value))
    case UInt8(ascii: "\""): self.init(kind: .stringValue(try reader.string()))
    case UInt8(ascii: "t"), UInt8(ascii: "f"): self.init(kind: .boolValue(try reader.bool()))
    case UInt8(ascii: "n"):
      try reader.null()
      self.init(kind: .nullValue(.nullValue))
    default: self.init(kind: .numberValue(try reader.floatingPoint()))
    }
  }
}

extension ProtoStruct {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    try writer.beginObject()
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
      writer.key(key)
      try value.writeJSON(to: &writer)
    }
    writer.endObject()
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self.init()
    try reader.map(&fields)
  }
}

extension ProtoListValue {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    try writer.beginArray()
    for value in values {
      writer.element()
      try value.writeJSON(to: &writer)
    }
    writer.endArray()
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    self.init()
    try reader.list(&values)
  }
}
