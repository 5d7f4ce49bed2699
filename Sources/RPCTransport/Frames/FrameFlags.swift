/// The flags of a frame. The bits are those of PROTOCOL.md.
package struct FrameFlags: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The sender sends nothing more on this call.
  package static let end = FrameFlags(rawValue: 1)

  /// A MESSAGE frame that carries no message: it only ends the sender's side.
  package static let bare = FrameFlags(rawValue: 2)
}
