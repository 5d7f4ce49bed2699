/// A finding in a contract, with its place.
package struct Diagnostic: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The contract, as a path under the proto folder.
  package let file: String

  /// The line, from 1.
  package let line: Int

  /// The column, from 1.
  package let column: Int

  /// What is wrong and what is allowed.
  package let message: String

  /// The finding as `file:line:column: message`.
  package var description: String { "\(file):\(line):\(column): \(message)" }

  package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    (left.file, left.line, left.column, left.message)
      < (right.file, right.line, right.column, right.message)
  }
}
