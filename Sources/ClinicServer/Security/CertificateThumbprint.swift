package import RPCCore

/// The SHA-256 of a certificate as RFC 8705 writes it (`x5t#S256`): base64url without padding.
package enum CertificateThumbprint {
  /// Whether a text is one: 32 bytes, in the one form that base64url has for them.
  package static func isValid(_ text: String) -> Bool {
    OpaqueToken.decode(text)?.count == 32
  }

  /// The thumbprint of the certificate that the other side of a connection proved to have.
  package static func of(_ peer: PeerInfo) -> String? {
    guard let digits = peer.tlsIdentity?.fingerprint.utf8, digits.count == 64 else { return nil }
    let values = digits.map { Character(Unicode.Scalar($0)).hexDigitValue ?? 0 }
    return OpaqueToken.base64URL(
      stride(from: 0, to: 64, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) })
  }
}
