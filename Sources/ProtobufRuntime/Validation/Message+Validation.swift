extension Message {
  /// What the contract's rules find wrong with the message, in the order of its fields; at most
  /// ``Violations/limit``.
  public func validationErrors() -> [FieldViolation] {
    var violations = Violations()
    validate(&violations, partial: false)
    return violations.all
  }
}
