/// The rules of an enum field.
public struct EnumRules: Sendable {
  let required: Bool
  let definedOnly: Bool

  /// - Parameters:
  ///   - required: The value must not be the one with number 0.
  ///   - definedOnly: The contract must name the value.
  public init(required: Bool = false, definedOnly: Bool = false) {
    self.required = required
    self.definedOnly = definedOnly
  }
}
