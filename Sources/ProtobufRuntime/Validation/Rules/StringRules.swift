/// The rules of a string.
///
/// `required` and, for a value that is not an element of a list, the lengths and the format leave an
/// empty string alone when it stands for "not set".
public struct StringRules: Sendable {
  let required: Bool
  let minLength: Int
  let maxLength: Int
  let format: StringFormat?
  let pattern: StringPattern?

  /// - Parameters:
  ///   - required: The string must not be empty, nor white space alone.
  ///   - minLength: The least number of Unicode scalars.
  ///   - maxLength: The greatest number of Unicode scalars.
  ///   - format: The form of a non-empty string.
  ///   - pattern: What a non-empty string matches from end to end.
  public init(
    required: Bool = false, minLength: Int = 0, maxLength: Int = .max, format: StringFormat? = nil,
    pattern: StringPattern? = nil
  ) {
    self.required = required
    self.minLength = minLength
    self.maxLength = maxLength
    self.format = format
    self.pattern = pattern
  }
}
