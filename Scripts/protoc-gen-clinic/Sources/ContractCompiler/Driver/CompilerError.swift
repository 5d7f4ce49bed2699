/// Why the compiler stops: a sentence for the person who called it.
package struct CompilerError: Error, CustomStringConvertible {
  /// What is wrong and what is allowed.
  package let description: String

  /// - Parameter description: What is wrong and what is allowed.
  package init(_ description: String) {
    self.description = description
  }
}
