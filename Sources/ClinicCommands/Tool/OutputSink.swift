/// Where a command writes to.
package protocol OutputSink: Sendable {
  /// Whether a person reads there.
  var isTerminal: Bool { get }

  /// The columns of the terminal; nil where there is none.
  var columns: Int? { get }

  /// Writes `text` at once.
  ///
  /// - Throws: ``OutputClosed`` where the reader has gone.
  func write(_ text: String) throws
}

/// The reader of an output has gone, as `head` does when it has enough.
package struct OutputClosed: Error {
  package init() {}
}
