extension ProtoAny {
  /// The URL's part in front of a type's full name.
  public static let urlPrefix = "type.googleapis.com/"

  /// Packs a message.
  ///
  /// - Throws: `CodecError` where the message cannot be encoded.
  public init(packing message: some Message) throws(CodecError) {
    self.init(
      typeURL: Self.urlPrefix + type(of: message).descriptor.fullName,
      value: try message.serializedBytes())
  }

  /// Whether it holds a message of a type.
  public func holds<M: Message>(_ type: M.Type) -> Bool {
    typeURL.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init)
      == M.descriptor.fullName && typeURL.utf8.contains(UInt8(ascii: "/"))
  }

  /// The message inside, or nil where it is of another type.
  ///
  /// - Throws: `CodecError` where the bytes are not such a message.
  public func unpacked<M: Message>(as type: M.Type) throws(CodecError) -> M? {
    holds(type) ? try M(serializedBytes: value) : nil
  }
}

// MARK: - JSON

extension ProtoAny {
  /// Writes the message inside with its type as `@type`; those with a JSON form of their own as
  /// `value`.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    try writer.beginObject()
    if !typeURL.isEmpty || !value.isEmpty {
      guard let type = writer.options.registry.type(url: typeURL) else {
        throw JSONError(.unknownType)
      }
      writer.key("@type")
      writer.string(typeURL)
      try Self.write(type, value, to: &writer)
    }
    writer.endObject()
  }

  private static func write<M: Message>(
    _ type: M.Type, _ bytes: [UInt8], to writer: inout JSONWriter
  ) throws(JSONError) {
    guard let message = try? M(serializedBytes: bytes) else { throw JSONError(.unknownType) }
    if type.hasOwnJSONForm {
      writer.key("value")
      try message.writeJSON(to: &writer)
    } else {
      try writer.fields(of: message)
    }
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    let mark = reader.mark
    var url: String?
    var isEmpty = true
    try reader.object { (reader, name) throws(JSONError) in
      isEmpty = false
      guard name == "@type" else { return try reader.skipValue() }
      guard url == nil else { throw reader.error(.duplicateField) }
      url = try reader.string()
    }
    self.init()
    if isEmpty { return }
    guard let url, let type = reader.options.registry.type(url: url) else {
      throw reader.error(.unknownType)
    }
    // Once more from the start, now that the type is known.
    reader.reset(to: mark)
    typeURL = url
    value = try Self.read(type, from: &reader)
  }

  private static func read<M: Message>(
    _ type: M.Type, from reader: inout JSONReader
  ) throws(JSONError) -> [UInt8] {
    var message = M()
    if type.hasOwnJSONForm {
      var isSet = false
      try reader.object { (reader, name) throws(JSONError) in
        switch name {
        case "@type": try reader.skipValue()
        case "value":
          guard !isSet else { throw reader.error(.duplicateField) }
          isSet = true
          if let value = try M(json: &reader) { message = value }
        default: throw reader.error(.unknownField).inside(name)
        }
      }
    } else {
      try reader.fields(of: &message, skipping: "@type")
    }
    guard let bytes = try? message.serializedBytes() else { throw reader.error(.tooDeep) }
    return bytes
  }
}

extension Message {
  /// Whether the type is not an object of its fields in JSON.
  fileprivate static var hasOwnJSONForm: Bool {
    ownForms.contains(descriptor.fullName)
  }
}

private let ownForms: Set<String> = [
  "google.protobuf.Any", "google.protobuf.Duration", "google.protobuf.FieldMask",
  "google.protobuf.Timestamp", "google.protobuf.Struct", "google.protobuf.Value",
  "google.protobuf.ListValue", "google.protobuf.DoubleValue", "google.protobuf.FloatValue",
  "google.protobuf.Int64Value", "google.protobuf.UInt64Value", "google.protobuf.Int32Value",
  "google.protobuf.UInt32Value", "google.protobuf.BoolValue", "google.protobuf.StringValue",
  "google.protobuf.BytesValue"
]
