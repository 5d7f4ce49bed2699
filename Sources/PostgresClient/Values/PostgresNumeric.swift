/// A `numeric` as its exact decimal text (`-12.340`, `NaN`, `Infinity`).
public struct PostgresNumeric: Hashable, Sendable {
  /// The decimal text, without exponent.
  public let text: String

  /// A number from decimal text: sign, digits, fraction; or `NaN`, `Infinity`, `-Infinity`.
  /// Nil for anything else, and for more than 1,000 digits.
  public init?(_ text: String) {
    guard text.utf8.count <= 1_002, PostgresNumericForm(text) != nil else { return nil }
    self.text = text
  }

  /// A whole number.
  public init(_ value: Int) { text = String(value) }

  fileprivate init(unchecked text: String) { self.text = text }
}

extension PostgresNumeric: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .numeric }
  public static var postgresArrayType: PostgresType { .numericArray }

  public func encode(into writer: inout PostgresParameterWriter) {
    PostgresNumericForm(text)?.write(into: &writer)
  }

  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> PostgresNumeric {
    guard type == .numeric else { throw .typeMismatch }
    return PostgresNumeric(unchecked: try PostgresNumericForm(bytes: bytes).text)
  }
}
