package import NIOCore

/// Follows the frames of HTTP/2 in the bytes that leave a connection.
package struct HTTP2FrameWalk: Sendable {
  private static let headerSize = 9
  private static let goAway: UInt8 = 7

  /// Bytes that are still to come of a frame's payload.
  private var rest = 0

  package init() {}

  /// Whether a GOAWAY with an error begins in these bytes. The codec writes the header and what it
  /// says of an error in one piece.
  package mutating func findsFarewell(in bytes: ByteBuffer) -> Bool {
    var position = bytes.readerIndex
    var isFound = false
    while position < bytes.writerIndex {
      if rest > 0 {
        let step = min(rest, bytes.writerIndex - position)
        rest -= step
        position += step
        continue
      }
      guard let word = bytes.getInteger(at: position, as: UInt32.self) else { break }
      position += Self.headerSize
      rest = Int(word >> 8)
      if UInt8(truncatingIfNeeded: word) == Self.goAway,
        bytes.getInteger(at: position + 4, as: UInt32.self) != 0
      {
        isFound = true
      }
    }
    return isFound
  }
}
