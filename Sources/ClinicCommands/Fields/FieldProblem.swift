/// Why a text is not a value of a field.
package struct FieldProblem: Error, Sendable, Hashable {
  /// The field's path, in the contract's spelling.
  package var field: String
  /// The rule that is violated, as UPPER_SNAKE_CASE.
  package var reason: String
  /// What is allowed, in a sentence.
  package var description: String

  package init(field: String, reason: String, description: String) {
    self.field = field
    self.reason = reason
    self.description = description
  }
}
