extension FieldMask {
  /// Writes the paths in camel case with commas between them.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    var parts: [String] = []
    for path in paths {
      guard let camel = Self.camelCase(path) else { throw JSONError(.unrepresentable) }
      parts.append(camel)
    }
    writer.string(parts.joined(separator: ","))
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    let text = try reader.string()
    self.init()
    guard !text.isEmpty else { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let path = Self.snakeCase(part) else { throw reader.error(.invalidFormat) }
      paths.append(path)
    }
  }

  /// `birth_date` → `birthDate`; nil where that could not be read back.
  private static func camelCase(_ path: String) -> String? {
    var result: [UInt8] = []
    var isAfterUnderscore = false
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: ","): return nil
      case UInt8(ascii: "_"):
        if isAfterUnderscore { return nil }
        isAfterUnderscore = true
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        result.append(isAfterUnderscore ? byte - 32 : byte)
        isAfterUnderscore = false
      default:
        if isAfterUnderscore { return nil }
        result.append(byte)
      }
    }
    guard !result.isEmpty, !isAfterUnderscore else { return nil }
    return String(decoding: result, as: UTF8.self)
  }

  /// `birthDate` → `birth_date`; nil where the text holds an underscore or nothing.
  private static func snakeCase(_ text: Substring) -> String? {
    guard !text.isEmpty else { return nil }
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): result += [UInt8(ascii: "_"), byte + 32]
      case UInt8(ascii: "_"): return nil
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension FieldMask: ExpressibleByArrayLiteral {
  /// A mask of paths: `["name.given", "tags"]`.
  public init(arrayLiteral paths: String...) {
    self.init(paths: paths)
  }
}
