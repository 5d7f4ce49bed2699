extension Message {
  /// What is wrong with the message, in the order of its fields; at most ``Violations/limit``. What
  /// its types do not allow comes first, and alone: the contract's rules are for values that are.
  public func validationErrors() -> [FieldViolation] {
    var violations = Violations()
    checkWellFormed(&violations)
    if violations.isEmpty { validate(&violations, partial: false) }
    return violations.all
  }
}
