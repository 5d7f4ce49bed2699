/// Why text is not a message's proto3 JSON, or a message cannot be written as JSON. Never holds a
/// value of the message.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: String, Hashable, Sendable {
    /// The text is not JSON (RFC 8259).
    case malformed
    /// A value's kind does not fit the field.
    case wrongType
    /// A number is out of the field's range, or not whole.
    case outOfRange
    /// The contract has no such field.
    case unknownField
    /// The contract has no such enum value.
    case unknownEnumValue
    /// A field, or a second field of a oneof, occurs again.
    case duplicateField
    /// The text of a well-known type, such as a timestamp, is not in its form.
    case invalidFormat
    /// Null where a value must stand.
    case unexpectedNull
    /// The type inside an Any is not in the registry, or its bytes are not of that type.
    case unknownType
    /// Values are nested deeper than the limit.
    case tooDeep
    /// The message holds a value that JSON cannot say.
    case unrepresentable
  }

  /// What is wrong.
  public let code: Code
  /// Where in the message, as `patient.identifiers[2].value`; empty where it is the whole.
  public internal(set) var path: String
  /// Where in the text, in bytes from its start; nil while writing.
  public let offset: Int?

  init(_ code: Code, offset: Int? = nil) {
    self.code = code
    self.offset = offset
    path = ""
  }

  /// What is wrong, in words.
  public var description: String {
    let what =
      switch code {
      case .malformed: "the text is not JSON"
      case .wrongType: "the value is of the wrong type"
      case .outOfRange: "the number is out of range"
      case .unknownField: "there is no such field"
      case .unknownEnumValue: "there is no such enum value"
      case .duplicateField: "the field occurs twice"
      case .invalidFormat: "the text does not have the form of the type"
      case .unexpectedNull: "null is not allowed here"
      case .unknownType: "the type is not known"
      case .tooDeep: "the text is nested too deep"
      case .unrepresentable: "JSON has no form for the value"
      }
    let place = path.isEmpty ? "" : "\(path): "
    return offset.map { "\(place)\(what) (at byte \($0))" } ?? place + what
  }

  /// The error with a step in front of its path: `name` or `[2]`.
  func inside(_ step: String) -> JSONError {
    var error = self
    let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
    error.path = step + separator + path
    return error
  }
}
