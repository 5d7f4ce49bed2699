/// The rules of a list or map as a whole.
public struct ItemRules: Sendable {
  let required: Bool
  let minItems: Int
  let maxItems: Int

  /// - Parameters:
  ///   - required: There must be an element.
  ///   - minItems: The least number of elements.
  ///   - maxItems: The greatest number of elements.
  public init(required: Bool = false, minItems: Int = 0, maxItems: Int = .max) {
    self.required = required
    self.minItems = minItems
    self.maxItems = maxItems
  }
}
