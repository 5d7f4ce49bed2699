/// One field that breaks a rule of its contract.
public struct FieldViolation: Sendable, Hashable {
  /// The path of the field in the message, as `patient.identifiers[2].value`; empty for the message
  /// itself.
  public var field: String

  /// The rule as UPPER_SNAKE_CASE: `REQUIRED`, `TOO_LONG`, `FORMAT_EMAIL`.
  public var reason: String

  /// What is allowed, in words that follow the field's name: `must be a UUID`. Never holds the value.
  public var description: String

  /// Makes a violation.
  public init(field: String, reason: String, description: String) {
    self.field = field
    self.reason = reason
    self.description = description
  }
}
