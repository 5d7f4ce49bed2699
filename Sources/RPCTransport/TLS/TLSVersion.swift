internal import COpenSSL

/// The protocol versions we speak. Older ones are refused.
public enum TLSVersion: String, Sendable, Hashable, Comparable, CaseIterable,
  CustomStringConvertible
{
  /// TLS 1.2 (RFC 5246), with AEAD suites and ephemeral keys only.
  case v1_2 = "TLSv1.2"
  /// TLS 1.3 (RFC 8446).
  case v1_3 = "TLSv1.3"

  public var description: String { self.rawValue }

  public static func < (one: TLSVersion, other: TLSVersion) -> Bool {
    one.libraryValue < other.libraryValue
  }

  var libraryValue: CInt {
    switch self {
    case .v1_2: TLS1_2_VERSION
    case .v1_3: TLS1_3_VERSION
    }
  }

  init?(libraryValue: CInt) {
    switch libraryValue {
    case TLS1_2_VERSION: self = .v1_2
    case TLS1_3_VERSION: self = .v1_3
    default: return nil
    }
  }
}
