/// A path to a value in a message, as `name.family` or `identifiers[0].value`.
package struct FieldPath: Sendable, Hashable, CustomStringConvertible {
  /// A step of a path.
  package struct Step: Sendable, Hashable {
    /// The field's name, in the contract's or JSON's spelling.
    package var name: String
    /// The element of a repeated field, from 0; nil for the field itself.
    package var index: Int?
  }

  /// The greatest index that a path may name.
  package static let maximumIndex = 999

  /// The steps, one at least.
  package let steps: [Step]

  /// Reads a path.
  package init(_ text: String) throws(CommandFailure) {
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard let step = Self.step(part) else {
        throw .usage(
          "'\(text)' is not a path of fields",
          hint: "write it as name.family or identifiers[0].value")
      }
      steps.append(step)
    }
    self.steps = steps
  }

  private static func step(_ part: Substring) -> Step? {
    let name = part.prefix { $0 != "[" }
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isName, !name.isEmpty else { return nil }
    let rest = part.dropFirst(name.count)
    guard !rest.isEmpty else { return Step(name: String(name), index: nil) }
    guard rest.hasSuffix("]"), let index = Int(rest.dropFirst().dropLast()),
      (0...maximumIndex).contains(index)
    else { return nil }
    return Step(name: String(name), index: index)
  }

  package var description: String {
    steps.map { step in step.name + (step.index.map { "[\($0)]" } ?? "") }.joined(separator: ".")
  }
}
