/// The rules of a byte string.
public struct BytesRules: Sendable {
  let required: Bool
  let minLength: Int
  let maxLength: Int

  /// - Parameters:
  ///   - required: There must be a byte.
  ///   - minLength: The least number of bytes.
  ///   - maxLength: The greatest number of bytes.
  public init(required: Bool = false, minLength: Int = 0, maxLength: Int = .max) {
    self.required = required
    self.minLength = minLength
    self.maxLength = maxLength
  }
}
