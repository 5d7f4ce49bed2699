/// What a contract says of an enum.
public struct EnumDescriptor: Sendable {
  /// One value of an enum.
  public struct Value: Sendable, Hashable {
    /// The name in the contract, as `SEX_FEMALE`.
    public let name: String
    /// The number on the wire.
    public let number: Int32

    /// A value, as generated code describes it.
    public init(_ name: String, _ number: Int32) {
      self.name = name
      self.number = number
    }
  }

  /// The full name, as `clinic.v1.Sex`.
  public let fullName: String
  /// The values in the contract's order, aliases included.
  public let values: [Value]
  /// The contract's comment.
  public let documentation: String
  private let byNumber: [Int32: Value]
  private let byName: [String: Int32]

  /// An enum, as generated code describes it.
  public init(_ fullName: String, values: [Value], documentation: String = "") {
    self.fullName = fullName
    self.values = values
    self.documentation = documentation
    byNumber = Dictionary(values.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    byName = Dictionary(
      values.map { ($0.name, $0.number) }, uniquingKeysWith: { first, _ in first })
  }

  /// The (first) value with a number.
  public func value(number: Int32) -> Value? {
    byNumber[number]
  }

  /// The number of a name.
  public func number(name: String) -> Int32? {
    byName[name]
  }
}
