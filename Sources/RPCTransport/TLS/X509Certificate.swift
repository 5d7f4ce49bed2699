internal import COpenSSL

/// One X.509 certificate; owns one reference to it.
final class X509Certificate {
  let pointer: OpaquePointer

  /// Takes over a reference.
  init(owning pointer: OpaquePointer) {
    self.pointer = pointer
  }

  /// Adds a reference of its own.
  init(borrowing pointer: OpaquePointer) {
    X509_up_ref(pointer)
    self.pointer = pointer
  }

  deinit { X509_free(self.pointer) }

  /// Parses all certificates of a PEM text, in order; at least one.
  static func parse(pem bytes: [UInt8], path: String?) throws(TLSError) -> [X509Certificate] {
    OpenSSLErrorQueue.clear()
    let bio = MemoryBIO(bytes)
    var certificates: [X509Certificate] = []
    while let pointer = PEM_read_bio_X509(bio.pointer, nil, nil, nil) {
      certificates.append(X509Certificate(owning: pointer))
    }
    // The last look always fails: "no start line" is the end of the text, anything else is damage.
    let end = ERR_peek_last_error()
    guard COpenSSL.ERR_GET_REASON(end) == PEM_R_NO_START_LINE else {
      throw .fromQueue(.configuration, "a certificate is damaged", path: path)
    }
    OpenSSLErrorQueue.clear()
    guard !certificates.isEmpty else {
      throw TLSError(code: .configuration, message: "no certificate in PEM form found", path: path)
    }
    return certificates
  }

  /// The certificate in PEM form.
  var pem: [UInt8] {
    let bio = MemoryBIO()
    PEM_write_bio_X509(bio.pointer, self.pointer)
    return bio.contents
  }

  /// SHA-256 of the DER form, in lower-case hexadecimal.
  var fingerprint: String {
    let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
      var length: CUnsignedInt = 0
      let result = X509_digest(self.pointer, EVP_sha256(), buffer.baseAddress, &length)
      count = result == 1 ? Int(length) : 0
    }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(digest.count * 2)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Start of the validity, in seconds since 1970.
  var notBefore: Int64 { Self.seconds(X509_get0_notBefore(self.pointer)) }

  /// End of the validity, in seconds since 1970.
  var notAfter: Int64 { Self.seconds(X509_get0_notAfter(self.pointer)) }

  /// The subject in the form of RFC 2253.
  var subject: String {
    let bio = MemoryBIO()
    let name = X509_get_subject_name(self.pointer)
    X509_NAME_print_ex(bio.pointer, name, 0, COpenSSL_NAME_rfc2253)
    return bio.text
  }

  /// The most specific common name of the subject.
  var commonName: String? { Self.commonName(X509_get_subject_name(self.pointer)) }

  /// The most specific common name of the issuer.
  var issuerCommonName: String? { Self.commonName(X509_get_issuer_name(self.pointer)) }

  private static func commonName(_ name: OpaquePointer?) -> String? {
    var last: CInt = -1
    while true {
      let next = X509_NAME_get_index_by_NID(name, NID_commonName, last)
      if next < 0 { break }
      last = next
    }
    guard last >= 0, let entry = X509_NAME_get_entry(name, last) else { return nil }
    return self.utf8(X509_NAME_ENTRY_get_data(entry))
  }

  /// Whether another certificate's key signed this one.
  func isSigned(by issuer: X509Certificate) -> Bool {
    OpenSSLErrorQueue.clear()
    defer { OpenSSLErrorQueue.clear() }
    return X509_check_issued(issuer.pointer, self.pointer) == X509_V_OK
      && X509_verify(self.pointer, X509_get0_pubkey(issuer.pointer)) == 1
  }

  /// Everything about the subject that a caller may decide on.
  var identity: TLSPeerIdentity {
    var identity = TLSPeerIdentity(
      subject: self.subject, commonName: self.commonName, fingerprint: self.fingerprint,
      notAfter: self.notAfter)
    let extensionValue = X509_get_ext_d2i(self.pointer, NID_subject_alt_name, nil, nil)
    guard let names = OpaquePointer(extensionValue) else { return identity }
    defer { GENERAL_NAMES_free(names) }
    for index in 0..<max(0, COpenSSL_GENERAL_NAMES_count(names)) {
      guard let name = COpenSSL_GENERAL_NAMES_at(names, index) else { continue }
      switch COpenSSL_GENERAL_NAME_type(name) {
      case GEN_DNS: identity.dnsNames += Self.ia5(name)
      case GEN_URI: identity.uris += Self.ia5(name)
      case GEN_EMAIL: identity.emailAddresses += Self.ia5(name)
      case GEN_IPADD: identity.ipAddresses += Self.address(name)
      default: break
      }
    }
    return identity
  }
}

extension X509Certificate {
  private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
    var days: CInt = 0
    var seconds: CInt = 0
    guard let epoch = ASN1_TIME_set(nil, 0) else { return 0 }
    defer { ASN1_STRING_free(epoch) }
    guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return 0 }
    return Int64(days) * 86_400 + Int64(seconds)
  }

  private static func utf8(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
    var bytes: UnsafeMutablePointer<UInt8>?
    let count = ASN1_STRING_to_UTF8(&bytes, string)
    guard count >= 0, let bytes else { return nil }
    defer { CRYPTO_free(bytes, #fileID, #line) }
    return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
  }

  /// The text of a DNS name, URI or address; none if it has a NUL inside, which only an attack has.
  private static func ia5(_ name: UnsafePointer<GENERAL_NAME>) -> [String] {
    let bytes = self.bytes(COpenSSL_GENERAL_NAME_text(name))
    return bytes.contains(0) ? [] : [String(decoding: bytes, as: UTF8.self)]
  }

  private static func address(_ name: UnsafePointer<GENERAL_NAME>) -> [String] {
    let bytes = self.bytes(COpenSSL_GENERAL_NAME_address(name))
    return IPAddressText(bytes).map { [$0.text] } ?? []
  }

  private static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
    guard let start = ASN1_STRING_get0_data(string) else { return [] }
    return [UInt8](UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
  }
}
