internal import COpenSSL

/// One private key; owns one reference to it.
final class TLSPrivateKey {
  let pointer: OpaquePointer

  private init(owning pointer: OpaquePointer) {
    self.pointer = pointer
  }

  deinit { EVP_PKEY_free(self.pointer) }

  /// Makes a new key on the curve P-256.
  static func generateP256() throws(TLSError) -> TLSPrivateKey {
    OpenSSLErrorQueue.clear()
    guard let pointer = COpenSSL_generate_p256_key() else {
      throw .fromQueue(.configuration, "cannot generate a key")
    }
    return TLSPrivateKey(owning: pointer)
  }

  /// Parses an unencrypted private key in PEM form.
  static func parse(pem bytes: [UInt8], path: String?) throws(TLSError) -> TLSPrivateKey {
    OpenSSLErrorQueue.clear()
    let bio = MemoryBIO(bytes)
    // Without a callback of ours OpenSSL would ask for a pass phrase on the terminal.
    let refuse:
      @convention(c) (UnsafeMutablePointer<CChar>?, CInt, CInt, UnsafeMutableRawPointer?) -> CInt =
        { _, _, _, _ in -1 }
    guard let pointer = PEM_read_bio_PrivateKey(bio.pointer, nil, refuse, nil) else {
      throw .fromQueue(
        .configuration, "no usable private key found (it must be PEM and not encrypted)", path: path
      )
    }
    return TLSPrivateKey(owning: pointer)
  }

  /// The key in PEM form (PKCS #8, not encrypted).
  var pem: [UInt8] {
    let bio = MemoryBIO()
    PEM_write_bio_PrivateKey(bio.pointer, self.pointer, nil, nil, 0, nil, nil)
    return bio.contents
  }

  /// Whether this is the key of a certificate.
  func matches(_ certificate: X509Certificate) -> Bool {
    OpenSSLErrorQueue.clear()
    defer { OpenSSLErrorQueue.clear() }
    return X509_check_private_key(certificate.pointer, self.pointer) == 1
  }
}
