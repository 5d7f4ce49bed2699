/// How much one side of a call may still send.
///
/// A message may be sent while the window is open, that is above zero, and may take it below zero:
/// so a message larger than the window passes, and nothing is ever cut into pieces.
package struct SendWindow: Sendable, Hashable {
  /// Bytes left; below zero after a large message.
  package private(set) var bytes = FlowControl.initialWindow

  package init() {}

  /// Whether a message may be sent.
  package var isOpen: Bool { bytes > 0 }

  /// A message was sent.
  package mutating func spend(message length: Int) { bytes -= FlowControl.cost(ofMessage: length) }

  /// A grant arrived. Returns false where it breaks the rules.
  package mutating func grant(_ granted: UInt32) -> Bool {
    guard granted > 0, bytes + Int(granted) <= FlowControl.greatestWindow else { return false }
    bytes += Int(granted)
    return true
  }
}
