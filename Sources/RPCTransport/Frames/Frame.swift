package import NIOCore

/// A frame, its payload a slice of what was read from the socket.
package struct Frame: Sendable, Hashable {
  /// The twelve bytes.
  package var header: FrameHeader
  /// What follows them.
  package var payload: ByteBuffer

  package init(header: FrameHeader, payload: ByteBuffer) {
    self.header = header
    self.payload = payload
  }
}
