/// The rules of a number.
public struct NumberRules<Number: Comparable & Numeric & Sendable>: Sendable {
  let required: Bool
  let minimum: Number?
  let maximum: Number?

  /// - Parameters:
  ///   - required: The number must be set; zero is not, except in an `optional` field.
  ///   - minimum: The least value.
  ///   - maximum: The greatest value.
  public init(required: Bool = false, minimum: Number? = nil, maximum: Number? = nil) {
    self.required = required
    self.minimum = minimum
    self.maximum = maximum
  }
}
