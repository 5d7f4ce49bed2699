/// Who the other side of a TLS connection proved to be, by a certificate that was verified against
/// the trusted authorities.
public struct TLSIdentity: Sendable, Hashable {
  /// The distinguished name in the form of RFC 2253: `CN=lab-gateway,O=Example Clinic`.
  public let subject: String

  /// The common name of the subject.
  public let commonName: String?

  /// DNS names among the subject's alternative names.
  public let dnsNames: [String]

  /// URIs among the subject's alternative names.
  public let uris: [String]

  /// SHA-256 of the certificate (DER): 64 lower-case hexadecimal digits.
  public let fingerprint: String

  /// Makes an identity.
  public init(
    subject: String, commonName: String? = nil, dnsNames: [String] = [], uris: [String] = [],
    fingerprint: String
  ) {
    self.subject = subject
    self.commonName = commonName
    self.dnsNames = dnsNames
    self.uris = uris
    self.fingerprint = fingerprint
  }
}
