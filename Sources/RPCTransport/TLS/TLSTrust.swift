/// The certificate authorities whose word we take for who the peer is.
public struct TLSTrust: Sendable {
  enum Source: Sendable {
    case system
    case file(String)
    case pem([UInt8])
  }

  let source: Source

  /// The authorities the operating system trusts.
  public static let system = TLSTrust(source: .system)

  /// Only the authorities in a PEM file (one or more certificates).
  public static func file(_ path: String) -> TLSTrust { TLSTrust(source: .file(path)) }

  /// Only the authorities in this PEM text.
  public static func pem(_ bytes: [UInt8]) -> TLSTrust { TLSTrust(source: .pem(bytes)) }
}
