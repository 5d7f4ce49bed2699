internal import COpenSSL

extension TLSContext {
  /// Puts a certificate chain and its key in use.
  ///
  /// - Returns: the leaf certificate.
  @discardableResult
  func use(_ credentials: TLSCredentials) throws(TLSError) -> X509Certificate {
    let chainPath: String?
    let keyPath: String?
    let chainBytes: [UInt8]
    let keyBytes: [UInt8]
    switch credentials.source {
    case .files(let chain, let key):
      (chainPath, keyPath) = (chain, key)
      chainBytes = try TLSFile.read(chain)
      keyBytes = try TLSFile.read(key)
    case .pem(let chain, let key):
      (chainPath, keyPath) = (nil, nil)
      (chainBytes, keyBytes) = (chain, key)
    }
    let chain = try X509Certificate.parse(pem: chainBytes, path: chainPath)
    let key = try TLSPrivateKey.parse(pem: keyBytes, path: keyPath)
    let leaf = chain[0]
    guard key.matches(leaf) else {
      throw TLSError(
        code: .configuration, message: "the private key does not belong to the certificate",
        path: keyPath)
    }
    OpenSSLErrorQueue.clear()
    guard SSL_CTX_use_certificate(self.pointer, leaf.pointer) == 1 else {
      throw .fromQueue(.configuration, "the certificate cannot be used", path: chainPath)
    }
    for certificate in chain.dropFirst() {
      guard COpenSSL_SSL_CTX_add1_chain_cert(self.pointer, certificate.pointer) == 1 else {
        throw .fromQueue(
          .configuration, "an intermediate certificate cannot be used", path: chainPath)
      }
    }
    guard SSL_CTX_use_PrivateKey(self.pointer, key.pointer) == 1 else {
      throw .fromQueue(.configuration, "the private key cannot be used", path: keyPath)
    }
    return leaf
  }

  /// Trusts these authorities and no others.
  ///
  /// - Returns: the authorities, or none for the system's.
  @discardableResult
  func trust(_ trust: TLSTrust) throws(TLSError) -> [X509Certificate] {
    let path: String?
    let bytes: [UInt8]
    switch trust.source {
    case .system:
      OpenSSLErrorQueue.clear()
      guard SSL_CTX_set_default_verify_paths(self.pointer) == 1 else {
        throw .fromQueue(.configuration, "the system's certificate authorities cannot be loaded")
      }
      return []
    case .file(let file):
      path = file
      bytes = try TLSFile.read(file)
    case .pem(let text):
      path = nil
      bytes = text
    }
    let authorities = try X509Certificate.parse(pem: bytes, path: path)
    let store = SSL_CTX_get_cert_store(self.pointer)
    OpenSSLErrorQueue.clear()
    for authority in authorities {
      guard X509_STORE_add_cert(store, authority.pointer) == 1 else {
        throw .fromQueue(.configuration, "a certificate authority cannot be used", path: path)
      }
    }
    return authorities
  }

  /// Asks clients for a certificate.
  func requestClientCertificates(_ mode: TLSServerConfiguration.ClientCertificates) throws(TLSError)
  {
    let flags: CInt
    let authorities: [X509Certificate]
    switch mode {
    case .notRequested:
      return
    case .optional(let trust):
      flags = SSL_VERIFY_PEER
      authorities = try self.trust(trust)
    case .required(let trust):
      flags = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
      authorities = try self.trust(trust)
    }
    SSL_CTX_set_verify(self.pointer, flags, nil)
    // Tells clients with several certificates which one to send.
    for authority in authorities {
      SSL_CTX_add_client_CA(self.pointer, authority.pointer)
    }
  }
}
