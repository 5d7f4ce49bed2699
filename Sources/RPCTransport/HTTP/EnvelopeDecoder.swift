package import NIOCore
package import RPCCore

/// Cuts a body into the messages that gRPC and Connect put into envelopes: flags, a length of four
/// bytes, the message. A message that is too large is refused on its length alone.
package struct EnvelopeDecoder: Sendable {
  /// The flag of a compressed message.
  package static let compressedFlag: UInt8 = 1
  /// The flag of what ends a Connect stream.
  package static let endFlag: UInt8 = 2
  /// Bytes ahead of each message.
  package static let headerSize = 5

  private let limit: Int
  private var buffer = ByteBuffer()

  package init(limit: Int) { self.limit = limit }

  /// Bytes that are kept.
  package var keptBytes: Int { buffer.readableBytes }

  /// Bytes of memory that they keep alive.
  package var storageBytes: Int { buffer.storageCapacity }

  /// Takes bytes of the body.
  package mutating func append(_ bytes: ByteBuffer) {
    if buffer.readableBytes == 0 {
      buffer = bytes.detached()
    } else {
      buffer.discardReadBytes()
      buffer.writeImmutableBuffer(bytes)
    }
  }

  /// The next whole message and its flags. Throws where one is too large.
  package mutating func next() throws(RPCError) -> (flags: UInt8, message: ByteBuffer)? {
    let start = buffer.readerIndex
    guard let flags = buffer.getInteger(at: start, as: UInt8.self),
      let length = buffer.getInteger(at: start + 1, as: UInt32.self)
    else { return nothing() }
    guard Int(length) <= limit else { throw .bodyTooLarge(Int(length), limit: limit) }
    guard let message = buffer.getSlice(at: start + Self.headerSize, length: Int(length)) else {
      return nothing()
    }
    buffer.moveReaderIndex(forwardBy: Self.headerSize + Int(length))
    if buffer.readableBytes == 0 { buffer = ByteBuffer() }
    return (flags, message)
  }

  /// What is left waits for more, without the memory of the messages before it.
  private mutating func nothing() -> (flags: UInt8, message: ByteBuffer)? {
    buffer = buffer.detached()
    return nil
  }
}

extension RPCError {
  static func bodyTooLarge(_ count: Int, limit: Int) -> RPCError {
    .resourceExhausted(
      "A message of \(count) bytes passes the limit of \(limit)", reason: "MESSAGE_TOO_LARGE")
  }
}
