/// How much the other side of a call may still send, and what it is owed.
package struct ReceiveWindow: Sendable, Hashable {
  /// Bytes the other side has left; below zero after a large message.
  package private(set) var bytes = FlowControl.initialWindow
  /// Bytes that were read by the application and not yet granted anew.
  private var owed = 0

  package init() {}

  /// A message arrived. Returns false where the sender had no credit for it.
  package mutating func receive(message length: Int) -> Bool {
    guard bytes > 0 else { return false }
    bytes -= FlowControl.cost(ofMessage: length)
    return true
  }

  /// The application read a message. Returns what to grant now: nothing until half a window is
  /// owed, so that grants are rare.
  package mutating func consume(message length: Int) -> UInt32? {
    owed += FlowControl.cost(ofMessage: length)
    guard owed >= FlowControl.initialWindow / 2 else { return nil }
    defer { owed = 0 }
    bytes += owed
    return UInt32(owed)
  }
}
