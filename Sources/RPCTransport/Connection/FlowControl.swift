/// Numbers of the credit rules in PROTOCOL.md.
package enum FlowControl {
  /// Bytes that each side of a call may send before it is granted more.
  package static let initialWindow = 262_144

  /// The greatest window: a grant beyond it breaks the rules.
  package static let greatestWindow = Int(Int32.max)

  /// What a message costs: its frame, header included.
  @inline(__always)
  package static func cost(ofMessage bytes: Int) -> Int { bytes + FrameHeader.size }
}
