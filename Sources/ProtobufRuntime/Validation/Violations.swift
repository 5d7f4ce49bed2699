/// Collects what is wrong with a message.
///
/// A message that breaks no rule costs no allocation: paths are put together only once something
/// is wrong, from the inside out.
public struct Violations: Sendable {
  /// How many violations are kept; further ones are dropped, so that a hostile message cannot make
  /// the report larger than itself.
  public static let limit = 50

  /// The violations in the order of the message's fields, at most ``limit``.
  public private(set) var all: [FieldViolation] = []

  /// An empty collection.
  public init() {}

  /// Whether nothing is wrong.
  public var isEmpty: Bool { all.isEmpty }

  /// Whether further violations are dropped.
  public var isFull: Bool { all.count >= Self.limit }

  /// Reports a violation.
  /// - Parameters:
  ///   - field: The path of the field, as `identifiers[2].value`.
  ///   - reason: The rule as UPPER_SNAKE_CASE.
  ///   - description: What is allowed, in words that follow the field's name.
  public mutating func add(_ field: String, reason: String, description: String) {
    guard !isFull else { return }
    all.append(FieldViolation(field: field, reason: reason, description: description))
  }

  /// Puts a field's path in front of everything that the closure reports.
  public mutating func descend<E: Error>(
    _ field: String, _ body: (inout Violations) throws(E) -> Void
  ) throws(E) {
    let start = all.count
    try body(&self)
    if all.count != start { prefix(from: start, with: field) }
  }

  /// Puts the path of a list's element in front of everything that the closure reports.
  public mutating func descend<E: Error>(
    _ field: String, index: Int, _ body: (inout Violations) throws(E) -> Void
  ) throws(E) {
    let start = all.count
    try body(&self)
    if all.count != start { prefix(from: start, with: "\(field)[\(index)]") }
  }

  mutating func prefix(from start: Int, with path: String) {
    for index in start..<all.count {
      let field = all[index].field
      let separator = field.isEmpty || field.utf8.first == UInt8(ascii: "[") ? "" : "."
      all[index].field = path + separator + field
    }
  }
}
