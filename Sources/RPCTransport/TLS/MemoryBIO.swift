internal import COpenSSL

/// A growing memory buffer that OpenSSL reads PEM from or prints into. Not for connections.
final class MemoryBIO {
  let pointer: OpaquePointer

  /// An empty buffer to print into.
  init() {
    guard let pointer = BIO_new(BIO_s_mem()) else { preconditionFailure("out of memory") }
    self.pointer = pointer
  }

  /// A buffer holding a copy of these bytes.
  convenience init(_ bytes: [UInt8]) {
    self.init()
    let written = BIO_write(self.pointer, bytes, CInt(bytes.count))
    precondition(written == CInt(bytes.count) || bytes.isEmpty, "out of memory")
  }

  deinit { BIO_free(self.pointer) }

  /// What was printed so far.
  var contents: [UInt8] {
    var start: UnsafePointer<CChar>?
    let count = COpenSSL_BIO_get_mem_data(self.pointer, &start)
    guard count > 0, let start else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  /// What was printed so far, as text.
  var text: String { String(decoding: self.contents, as: UTF8.self) }
}
