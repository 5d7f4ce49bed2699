internal import COpenSSL

/// OpenSSL's error queue of the current thread.
///
/// Return codes of the library only mean something when the queue was empty before the call, so
/// every wrapper clears it first and drains it after a failure.
enum OpenSSLErrorQueue {
  /// Empties the queue; costs next to nothing when it is empty already.
  @inline(__always)
  static func clear() {
    if ERR_peek_error() != 0 { ERR_clear_error() }
  }

  /// Takes everything out of the queue, oldest first.
  static func drain() -> [String] {
    var stack: [String] = []
    while true {
      var detail: UnsafePointer<CChar>?
      var flags: CInt = 0
      let code = ERR_get_error_all(nil, nil, nil, &detail, &flags)
      if code == 0 { return stack }
      stack.append(self.text(code, detail: flags & ERR_TXT_STRING != 0 ? detail : nil))
    }
  }

  private static func text(_ code: UInt, detail: UnsafePointer<CChar>?) -> String {
    var text: String
    if let reason = ERR_reason_error_string(code) {
      text = String(cString: reason)
    } else {
      text = "error \(String(code, radix: 16))"
    }
    if let detail {
      let suffix = String(cString: detail)
      if !suffix.isEmpty { text += " (\(suffix))" }
    }
    return text
  }
}

extension TLSError {
  /// A failure with everything OpenSSL has to say about it.
  static func fromQueue(_ code: Code, _ message: String, path: String? = nil) -> TLSError {
    TLSError(
      code: code, message: message, path: path, libraryErrors: OpenSSLErrorQueue.drain())
  }
}
