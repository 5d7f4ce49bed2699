internal import CZlib
package import NIOCore
package import RPCCore

/// Gzip (RFC 1952) of whole messages.
package enum Gzip {
  private static let chunkSize = 16_384

  /// Compresses a message; nil where memory is short.
  package static func compress(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer? {
    var stream = z_stream()
    guard clinic_deflate_gzip_init(&stream, Z_BEST_SPEED) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    var output = ByteBuffer()
    var result = Z_STREAM_ERROR
    input(bytes, of: &stream)
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { target in
      stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
      stream.avail_out = UInt32(target.count)
      result = deflate(&stream, Z_FINISH)
      return target.count - Int(stream.avail_out)
    }
    return result == Z_STREAM_END ? output : nil
  }

  /// Decompresses a message. Stops at the limit, however much more is packed in it.
  package static func decompress(_ bytes: ByteBuffer, limit: Int) throws(RPCError) -> ByteBuffer {
    var stream = z_stream()
    guard clinic_inflate_gzip_init(&stream) == Z_OK else { throw .internal() }
    defer { inflateEnd(&stream) }
    var output = ByteBuffer()
    let result = bytes.withUnsafeReadableBytes { bytes in
      input(bytes, of: &stream)
      var result = Z_OK
      while result == Z_OK, output.readableBytes <= limit {
        let room = min(max(chunkSize, 2 * bytes.count), limit - output.readableBytes + 1)
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
          stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
          stream.avail_out = UInt32(room)
          result = inflate(&stream, Z_NO_FLUSH)
          return room - Int(stream.avail_out)
        }
      }
      return result
    }
    guard output.readableBytes <= limit else {
      throw .resourceExhausted(
        "A message passes the limit of \(limit) bytes when decompressed",
        reason: "MESSAGE_TOO_LARGE")
    }
    guard result == Z_STREAM_END, stream.avail_in == 0 else {
      throw .invalidArgument("A message is not gzip", reason: "MALFORMED_MESSAGE")
    }
    return output
  }

  /// zlib reads its input through a pointer that it declares mutable, and does not write there.
  private static func input(_ bytes: UnsafeRawBufferPointer, of stream: inout z_stream) {
    stream.next_in = UnsafeMutablePointer(
      mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = UInt32(bytes.count)
  }
}
