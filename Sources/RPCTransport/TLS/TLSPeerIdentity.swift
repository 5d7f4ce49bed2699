/// Who the peer is, according to a certificate that was verified against the trusted authorities.
public struct TLSPeerIdentity: Sendable, Hashable {
  /// The distinguished name in the form of RFC 2253: `CN=billing,O=Example Clinic`.
  public var subject: String
  /// The (last) common name of the subject.
  public var commonName: String?
  /// DNS names among the subject's alternative names.
  public var dnsNames: [String]
  /// IP addresses among the subject's alternative names, in text form.
  public var ipAddresses: [String]
  /// URIs among the subject's alternative names.
  public var uris: [String]
  /// E-mail addresses among the subject's alternative names.
  public var emailAddresses: [String]
  /// SHA-256 of the whole certificate (DER), 64 lower-case hexadecimal digits.
  public var fingerprint: String
  /// The end of the certificate's validity, in seconds since 1970-01-01T00:00:00Z.
  public var notAfter: Int64

  /// Makes an identity, for tests of what decides on one.
  public init(
    subject: String, commonName: String? = nil, dnsNames: [String] = [], ipAddresses: [String] = [],
    uris: [String] = [], emailAddresses: [String] = [], fingerprint: String, notAfter: Int64
  ) {
    self.subject = subject
    self.commonName = commonName
    self.dnsNames = dnsNames
    self.ipAddresses = ipAddresses
    self.uris = uris
    self.emailAddresses = emailAddresses
    self.fingerprint = fingerprint
    self.notAfter = notAfter
  }
}
