/// The twelve bytes before a frame's payload.
package struct FrameHeader: Sendable, Hashable {
  /// Bytes of a header on the wire.
  package static let size = 12

  /// Bytes of the payload.
  package var length: UInt32
  /// What the frame is.
  package var kind: FrameKind
  /// What else it says.
  package var flags: FrameFlags
  /// The call it belongs to; 0 for the connection.
  package var callID: UInt32

  package init(length: UInt32, kind: FrameKind, flags: FrameFlags = [], callID: UInt32 = 0) {
    self.length = length
    self.kind = kind
    self.flags = flags
    self.callID = callID
  }

  /// Writes the header's twelve bytes.
  @inline(__always)
  func store(to bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: length.bigEndian, as: UInt32.self)
    let middle = UInt32(kind.rawValue) << 24 | UInt32(flags.rawValue) << 16
    bytes.storeBytes(of: middle.bigEndian, toByteOffset: 4, as: UInt32.self)
    bytes.storeBytes(of: callID.bigEndian, toByteOffset: 8, as: UInt32.self)
  }
}
