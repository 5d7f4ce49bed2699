internal import COpenSSL

/// What a certificate of our own making says; ``issue(for:by:)`` signs it.
struct X509Template {
  /// What the certificate may be used for.
  enum Purpose {
    case authority, server, client
  }

  var commonName: String
  var purpose: Purpose
  var dnsNames: [String] = []
  var ipAddresses: [String] = []
  /// Seconds since 1970.
  var notBefore: Int64
  /// Seconds since 1970.
  var notAfter: Int64

  /// Who signs: a certificate authority's certificate and key.
  struct Issuer {
    var certificate: X509Certificate
    var key: TLSPrivateKey
  }

  /// Makes the certificate of a key.
  ///
  /// - Parameter issuer: who signs; `nil` for a certificate that signs itself.
  func issue(for key: TLSPrivateKey, by issuer: Issuer?) throws(TLSError) -> X509Certificate {
    OpenSSLErrorQueue.clear()
    guard let pointer = X509_new() else {
      throw .fromQueue(.configuration, "cannot make a certificate")
    }
    let certificate = X509Certificate(owning: pointer)
    let isFilled =
      X509_set_version(pointer, Int(X509_VERSION_3)) == 1
      && self.setSerial(pointer)
      && ASN1_TIME_set(X509_getm_notBefore(pointer), Int(self.notBefore)) != nil
      && ASN1_TIME_set(X509_getm_notAfter(pointer), Int(self.notAfter)) != nil
      && self.setSubject(pointer)
      && X509_set_pubkey(pointer, key.pointer) == 1
      && X509_set_issuer_name(
        pointer, X509_get_subject_name(issuer?.certificate.pointer ?? pointer)) == 1
    guard isFilled else { throw .fromQueue(.configuration, "cannot fill in a certificate") }
    for (identifier, value) in self.extensions(isSelfSigned: issuer == nil) {
      try self.add(identifier, value, to: pointer, issuer: issuer?.certificate.pointer ?? pointer)
    }
    guard X509_sign(pointer, (issuer?.key ?? key).pointer, EVP_sha256()) > 0 else {
      throw .fromQueue(.configuration, "cannot sign a certificate")
    }
    return certificate
  }

  private func setSerial(_ pointer: OpaquePointer) -> Bool {
    guard let number = BN_new() else { return false }
    defer { BN_free(number) }
    // 127 random bits: positive and at most 16 octets (RFC 5280 §4.1.2.2).
    return BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
      && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil
  }

  private func setSubject(_ pointer: OpaquePointer) -> Bool {
    guard let name = X509_NAME_new() else { return false }
    defer { X509_NAME_free(name) }
    let text = Array(self.commonName.utf8)
    return X509_NAME_add_entry_by_NID(
      name, NID_commonName, MBSTRING_UTF8, text, CInt(text.count), -1, 0) == 1
      && X509_set_subject_name(pointer, name) == 1
  }

  private func extensions(isSelfSigned: Bool) -> [(CInt, String)] {
    var list: [(CInt, String)] = [(NID_subject_key_identifier, "hash")]
    if !isSelfSigned { list.append((NID_authority_key_identifier, "keyid:always")) }
    switch self.purpose {
    case .authority:
      list.append((NID_basic_constraints, "critical,CA:TRUE,pathlen:0"))
      list.append((NID_key_usage, "critical,keyCertSign,cRLSign"))
    case .server:
      list.append((NID_basic_constraints, "critical,CA:FALSE"))
      list.append((NID_key_usage, "critical,digitalSignature"))
      list.append((NID_ext_key_usage, "serverAuth"))
    case .client:
      list.append((NID_basic_constraints, "critical,CA:FALSE"))
      list.append((NID_key_usage, "critical,digitalSignature"))
      list.append((NID_ext_key_usage, "clientAuth"))
    }
    let names = self.dnsNames.map { "DNS:\($0)" } + self.ipAddresses.map { "IP:\($0)" }
    if !names.isEmpty { list.append((NID_subject_alt_name, names.joined(separator: ","))) }
    return list
  }

  private func add(
    _ identifier: CInt, _ value: String, to pointer: OpaquePointer, issuer: OpaquePointer
  ) throws(TLSError) {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer, pointer, nil, nil, 0)
    guard let value = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
      throw .fromQueue(.configuration, "cannot add \"\(value)\" to a certificate")
    }
    defer { X509_EXTENSION_free(value) }
    guard X509_add_ext(pointer, value, -1) == 1 else {
      throw .fromQueue(.configuration, "cannot add an extension to a certificate")
    }
  }
}
