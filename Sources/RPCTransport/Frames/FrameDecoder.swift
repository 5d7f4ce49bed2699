package import NIOCore

/// Cuts the bytes of a connection into frames.
///
/// A header is judged as soon as its twelve bytes are there: a frame that passes its kind's limit
/// is refused before a byte of its payload is kept. Payloads are slices, not copies.
package struct FrameDecoder {
  private let limits: FrameLimits
  private var unread = ByteBuffer()
  private var header: FrameHeader?

  package init(limits: FrameLimits) { self.limits = limits }

  /// Bytes kept for a frame that has not arrived whole.
  package var keptBytes: Int { unread.readableBytes }

  /// Bytes of memory that they keep alive.
  package var storageBytes: Int { unread.storageCapacity }

  /// Takes bytes from the socket.
  package mutating func append(_ bytes: ByteBuffer) {
    if unread.readableBytes == 0 {
      unread = bytes
      return
    }
    var bytes = bytes
    if unread.readerIndex > 0 {
      // Slices of this storage may be in use: appending to it would copy all of it.
      var joined = ByteBuffer()
      joined.reserveCapacity(unread.readableBytes + bytes.readableBytes)
      joined.writeBuffer(&unread)
      unread = joined
    }
    unread.writeBuffer(&bytes)
  }

  /// Lets go of what was read together with the bytes that are kept.
  package mutating func detach() { unread = unread.detached() }

  /// The next frame, or nil when more bytes are needed.
  package mutating func next() throws(ConnectionError) -> Frame? {
    let header: FrameHeader
    if let known = self.header {
      header = known
    } else {
      guard let read = try readHeader() else { return nil }
      header = read
    }
    guard let payload = unread.readSlice(length: Int(header.length)) else {
      self.header = header
      return nil
    }
    self.header = nil
    if unread.readableBytes == 0 { unread = ByteBuffer() }
    return Frame(header: header, payload: payload)
  }

  private mutating func readHeader() throws(ConnectionError) -> FrameHeader? {
    guard unread.readableBytes >= FrameHeader.size else { return nil }
    let (length, middle, callID) = unread.withUnsafeReadableBytes { bytes in
      (
        UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)),
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)),
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
      )
    }
    guard let kind = FrameKind(rawValue: UInt8(truncatingIfNeeded: middle >> 24)) else {
      throw .violation("Frame kind \(middle >> 24) does not exist")
    }
    guard let limit = limits.limit(of: kind) else {
      throw .violation("A \(kind) frame goes the other way")
    }
    guard length <= limit else { throw .tooLarge(kind, length: length, limit: limit) }
    let header = FrameHeader(
      length: length, kind: kind,
      flags: FrameFlags(rawValue: UInt8(truncatingIfNeeded: middle >> 16)),
      callID: callID)
    guard middle & 0xFFFF == 0 else { throw .violation("Reserved bits are set") }
    try check(header)
    unread.moveReaderIndex(forwardBy: FrameHeader.size)
    return header
  }

  /// Refuses flags, call ids and lengths that the kind does not allow.
  private func check(_ header: FrameHeader) throws(ConnectionError) {
    guard (header.callID == 0) == header.kind.isConnectionLevel else {
      throw .violation("A \(header.kind) frame on call \(header.callID)")
    }
    switch header.kind {
    case .message:
      guard header.flags.rawValue <= 3, !header.flags.contains(.bare) || header.isBareEnd else {
        throw .violation("A message frame with flags \(header.flags.rawValue)")
      }
    case .status:
      guard header.flags == .end else { throw .violation("A status frame without END") }
    default:
      guard header.flags == [] else {
        throw .violation("A \(header.kind) frame with flags \(header.flags.rawValue)")
      }
    }
    if let exact = header.kind.exactLength, header.length != exact {
      throw .violation("A \(header.kind) frame of \(header.length) bytes")
    }
  }
}

extension FrameHeader {
  /// Whether a MESSAGE frame that says it carries no message does so as it should.
  fileprivate var isBareEnd: Bool { flags.contains(.end) && length == 0 }
}

extension FrameKind {
  /// The one length of frames of this kind, where there is only one.
  fileprivate var exactLength: UInt32? {
    switch self {
    case .cancel: 0
    case .credit: 4
    case .ping, .pong: 8
    default: nil
    }
  }
}
