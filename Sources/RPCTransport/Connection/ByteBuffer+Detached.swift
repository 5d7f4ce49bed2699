package import NIOCore

extension ByteBuffer {
  /// These bytes in memory of their own where they are a small part of what they keep alive.
  ///
  /// Bytes of a socket are slices of whatever was read with them: who keeps five of them keeps all
  /// 64 KiB, and counts five. What is kept for long is detached first, so that memory is at most
  /// about twice what is counted.
  package func detached() -> ByteBuffer {
    guard storageCapacity > 2 * max(readableBytes, 64) else { return self }
    return readableBytes == 0 ? ByteBuffer() : ByteBuffer(bytes: readableBytesView)
  }
}
