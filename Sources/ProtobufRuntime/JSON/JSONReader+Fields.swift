extension JSONReader {
  /// Reads an object's members into a message's fields.
  ///
  /// - Parameter skipped: A member that is none of the message's fields: `@type` inside an Any.
  mutating func fields<M: Message>(
    of message: inout M, skipping skipped: String? = nil
  ) throws(JSONError) {
    let descriptor = M.descriptor
    var seen: Set<Int> = []
    var seenOneofs: Set<String> = []
    try object { (reader, name) throws(JSONError) in
      guard let index = descriptor.index(named: name) else {
        guard name == skipped || reader.options.ignoresUnknownFields else {
          throw reader.error(.unknownField).inside(name)
        }
        try reader.skipValue()
        return
      }
      let field = descriptor.fields[index]
      guard seen.insert(index).inserted else { throw reader.error(.duplicateField).inside(name) }
      if !field.oneof.isEmpty, !reader.isNull() || field.acceptsNull {
        guard seenOneofs.insert(field.oneof).inserted else {
          throw reader.error(.duplicateField).inside(name)
        }
      }
      do throws(JSONError) {
        try message.readField(index, from: &reader)
      } catch {
        throw error.inside(name)
      }
    }
  }

  /// Reads a field without presence.
  public mutating func value<Value: FieldValue>(_ field: inout Value) throws(JSONError) {
    if try takeNull(Value.self) {
      field = Value()
    } else if let value = try Value(json: &self) {
      field = value
    }
  }

  /// Reads a field with presence.
  public mutating func optional<Value: FieldValue>(_ field: inout Value?) throws(JSONError) {
    if let value: Value = try member() { field = value }
  }

  /// Reads a member of a oneof; nil where it is null.
  public mutating func member<Value: FieldValue>() throws(JSONError) -> Value? {
    if try takeNull(Value.self) { return nil }
    return try Value(json: &self)
  }

  /// Reads a repeated field.
  public mutating func list<Value: FieldValue>(_ field: inout [Value]) throws(JSONError) {
    if isNull() { return try null() }
    var values: [Value] = []
    try array { (reader, index) throws(JSONError) in
      do throws(JSONError) {
        if let value: Value = try reader.element() { values.append(value) }
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    field = values
  }

  /// Reads a map field.
  public mutating func map<Key: MapKey, Value: FieldValue>(
    _ field: inout [Key: Value]
  ) throws(JSONError) {
    if isNull() { return try null() }
    var values: [Key: Value] = [:]
    try object { (reader, text) throws(JSONError) in
      guard let key = Key(jsonKey: text) else { throw reader.error(.wrongType) }
      guard values[key] == nil else { throw reader.error(.duplicateField) }
      if let value: Value = try reader.element() { values[key] = value }
    }
    field = values
  }

  private mutating func element<Value: FieldValue>() throws(JSONError) -> Value? {
    if isNull(), !Value.acceptsNull { throw error(.unexpectedNull) }
    return try Value(json: &self)
  }

  private mutating func takeNull<Value: FieldValue>(_ type: Value.Type) throws(JSONError) -> Bool {
    guard !Value.acceptsNull, isNull() else { return false }
    try null()
    return true
  }
}

extension FieldDescriptor {
  /// Whether null is a value of the field's type.
  fileprivate var acceptsNull: Bool {
    typeName == "google.protobuf.Value" || typeName == "google.protobuf.NullValue"
  }
}
