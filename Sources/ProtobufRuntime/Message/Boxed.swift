/// Holds a message inside a message of a type that contains it again.
public final class Boxed<Value: Message>: Sendable, Hashable {
  /// The message.
  public let value: Value

  /// Boxes a message.
  public init(_ value: Value) {
    self.value = value
  }

  /// Whether the messages are equal.
  public static func == (left: Boxed, right: Boxed) -> Bool {
    left === right || left.value == right.value
  }

  /// Hashes the message.
  public func hash(into hasher: inout Hasher) {
    value.hash(into: &hasher)
  }
}
