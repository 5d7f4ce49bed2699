internal import COpenSSL

/// The BIO between OpenSSL and a ``TLSWindow``: reading from an empty window asks to be retried,
/// writing always succeeds.
enum TLSWindowBIO {
  /// Makes a BIO on a window that must outlive it.
  static func make(_ window: UnsafeMutablePointer<TLSWindow>) -> OpaquePointer? {
    guard let bio = BIO_new(self.method.pointer) else { return nil }
    BIO_set_data(bio, window)
    BIO_set_init(bio, 1)
    return bio
  }

  /// `@unchecked Sendable`: the method table is filled once and only read afterwards.
  private struct Method: @unchecked Sendable {
    let pointer: OpaquePointer?
  }

  private static let method: Method = {
    let type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
    guard let method = BIO_meth_new(type, "TLSWindow") else { return Method(pointer: nil) }
    BIO_meth_set_read_ex(method, readCallback)
    BIO_meth_set_write_ex(method, writeCallback)
    BIO_meth_set_ctrl(method, controlCallback)
    return Method(pointer: method)
  }()

  private static let readCallback:
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?
    ) -> CInt = { bio, destination, count, taken in
      guard let window = BIO_get_data(bio), let destination, let taken else { return 0 }
      taken.pointee = window.assumingMemoryBound(to: TLSWindow.self).pointee
        .read(into: destination, count: count)
      if taken.pointee > 0 { return 1 }
      COpenSSL_BIO_set_retry_read(bio)
      return 0
    }

  private static let writeCallback:
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>?, Int, UnsafeMutablePointer<Int>?
    ) -> CInt = { bio, source, count, written in
      guard let window = BIO_get_data(bio), let source, let written else { return 0 }
      guard window.assumingMemoryBound(to: TLSWindow.self).pointee.write(source, count: count)
      else {
        return 0
      }
      written.pointee = count
      return 1
    }

  private static let controlCallback:
    @convention(c) (OpaquePointer?, CInt, Int, UnsafeMutableRawPointer?) -> Int = {
      _, command, _, _ in
      command == BIO_CTRL_FLUSH ? 1 : 0
    }
}
