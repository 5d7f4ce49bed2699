internal import COpenSSL

/// A list of application protocols in the form of the ALPN extension (RFC 7301 §3.1): each name
/// behind its length.
final class TLSApplicationProtocols: Sendable {
  let names: [String]
  let isRequired: Bool
  let wireFormat: [UInt8]

  /// Checks the names: 1 to 255 bytes each, at most 65,535 together.
  init(_ names: [String], isRequired: Bool) throws(TLSError) {
    var wireFormat: [UInt8] = []
    for name in names {
      guard (1...255).contains(name.utf8.count) else {
        throw TLSError(
          code: .configuration, message: "an application protocol has 1 to 255 bytes: \"\(name)\"")
      }
      wireFormat.append(UInt8(name.utf8.count))
      wireFormat += name.utf8
    }
    guard wireFormat.count <= Int(UInt16.max) else {
      throw TLSError(code: .configuration, message: "too many application protocols")
    }
    guard !isRequired || !names.isEmpty else {
      throw TLSError(
        code: .configuration, message: "an application protocol is required but none is named")
    }
    self.names = names
    self.isRequired = isRequired
    self.wireFormat = wireFormat
  }

  /// Chooses on the server's side, by its own preference.
  ///
  /// - Parameter offered: what the client sent, already checked by OpenSSL.
  /// - Returns: the place and length of the chosen name inside `offered`.
  func choose(from offered: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    for name in self.names {
      var start = 0
      while start < offered.count {
        let end = start + 1 + Int(offered[start])
        guard end <= offered.count else { return nil }
        let candidate = UnsafeBufferPointer(rebasing: offered[(start + 1)..<end])
        if candidate.elementsEqual(name.utf8) { return candidate }
        start = end
      }
    }
    return nil
  }
}

extension TLSApplicationProtocols {
  /// OpenSSL's selection callback; its argument is an unretained list of protocols.
  static let selectionCallback:
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
      UnsafePointer<UInt8>?, CUnsignedInt, UnsafeMutableRawPointer?
    ) -> CInt = { _, chosen, chosenCount, offered, offeredCount, argument in
      guard let argument else { return SSL_TLSEXT_ERR_NOACK }
      let list = Unmanaged<TLSApplicationProtocols>.fromOpaque(argument).takeUnretainedValue()
      let candidates = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
      guard let name = list.choose(from: candidates) else { return SSL_TLSEXT_ERR_ALERT_FATAL }
      chosen?.pointee = name.baseAddress
      chosenCount?.pointee = UInt8(name.count)
      return SSL_TLSEXT_ERR_OK
    }

  /// OpenSSL's ClientHello callback: refuses a client that offers no application protocol.
  static let requirementCallback:
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<CInt>?, UnsafeMutableRawPointer?) -> CInt =
      {
        session, alert, _ in
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        let type = CUnsignedInt(TLSEXT_TYPE_application_layer_protocol_negotiation)
        if SSL_client_hello_get0_ext(session, type, &bytes, &count) == 1 {
          return SSL_CLIENT_HELLO_SUCCESS
        }
        alert?.pointee = SSL_AD_NO_APPLICATION_PROTOCOL
        return SSL_CLIENT_HELLO_ERROR
      }
}
