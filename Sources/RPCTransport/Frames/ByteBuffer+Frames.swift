package import NIOCore

extension ByteBuffer {
  /// Appends a frame.
  @inline(__always)
  package mutating func writeFrame(
    _ kind: FrameKind, flags: FrameFlags = [], callID: UInt32 = 0, payload: UnsafeRawBufferPointer
  ) {
    writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.size + payload.count) { bytes in
      FrameHeader(length: UInt32(payload.count), kind: kind, flags: flags, callID: callID)
        .store(to: bytes.baseAddress.unsafelyUnwrapped)
      if let source = payload.baseAddress {
        (bytes.baseAddress.unsafelyUnwrapped + FrameHeader.size)
          .copyMemory(from: source, byteCount: payload.count)
      }
      return FrameHeader.size + payload.count
    }
  }

  /// Appends a frame without payload.
  @inline(__always)
  package mutating func writeFrame(
    _ kind: FrameKind, flags: FrameFlags = [], callID: UInt32 = 0
  ) {
    writeFrame(
      kind, flags: flags, callID: callID, payload: UnsafeRawBufferPointer(start: nil, count: 0))
  }

  /// Appends a CREDIT frame.
  package mutating func writeCredit(_ bytes: UInt32, callID: UInt32) {
    withUnsafeBytes(of: bytes.bigEndian) { writeFrame(.credit, callID: callID, payload: $0) }
  }

  /// Appends a PING or PONG frame.
  package mutating func writeSignOfLife(_ kind: FrameKind, _ value: UInt64) {
    withUnsafeBytes(of: value.bigEndian) { writeFrame(kind, payload: $0) }
  }
}
