/// Why bytes are not a message, or a message cannot be written as bytes.
public struct CodecError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: String, Hashable, Sendable {
    /// The bytes end inside a value.
    case truncated
    /// A tag, length or varint cannot be read, or a packed field does not divide into elements.
    case malformed
    /// A field number is 0 or over 2^29 - 1, or a wire type does not exist.
    case invalidTag
    /// A string holds bytes that are not UTF-8.
    case invalidUTF8
    /// Messages are nested deeper than the limit.
    case tooDeep
    /// The bytes are longer than the limit, or than 2 GiB.
    case tooLarge
    /// Decoding or encoding would take more memory than the limit.
    case memoryBudgetExceeded
  }

  /// What is wrong.
  public let code: Code

  /// An error of a kind.
  public init(_ code: Code) {
    self.code = code
  }

  /// What is wrong, in words.
  public var description: String {
    switch code {
    case .truncated: "the message is cut short"
    case .malformed: "the message is malformed"
    case .invalidTag: "the message holds an invalid field tag"
    case .invalidUTF8: "a string field is not valid UTF-8"
    case .tooDeep: "the message is nested too deep"
    case .tooLarge: "the message is too large"
    case .memoryBudgetExceeded: "the message needs too much memory"
    }
  }
}
