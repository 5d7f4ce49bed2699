/// What we negotiate: Mozilla's "intermediate" profile (wiki.mozilla.org/Security/Server_Side_TLS),
/// less the finite-field Diffie-Hellman suites, which only clients older than the profile itself
/// would need.
enum TLSPolicy {
  /// Suites of TLS 1.3.
  static let suites13 = [
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  ].joined(separator: ":")

  /// Suites of TLS 1.2.
  static let suites12 = [
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"
  ].joined(separator: ":")

  /// Key exchange groups, preferred first.
  static let groups = ["X25519", "P-256", "P-384"].joined(separator: ":")

  /// Signature algorithms, preferred first.
  static let signatures = [
    "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ed25519",
    "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512",
    "rsa_pss_pss_sha256", "rsa_pss_pss_sha384", "rsa_pss_pss_sha512",
    "rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512"
  ].joined(separator: ":")

  /// OpenSSL's security level: at least 112 bits, that is RSA of 2,048 bits.
  static let securityLevel: Int32 = 2

  /// How long a session may be resumed, in seconds. A client certificate is not verified again
  /// meanwhile.
  static let sessionLifetime = 3_600

  /// The longest certificate list a peer may send, in bytes.
  static let maximumCertificateList = 64 << 10
}
