/// What went wrong below the calls: in the configuration, in the handshake, or on the encrypted
/// connection.
///
/// The text is for logs and for whoever configures the service. It names files and reasons, and
/// never holds key material or application data.
public struct TLSError: Error, Sendable {
  /// The kind of failure. New kinds may be added, so a `switch` over codes needs a `default`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String {
      case configuration, handshakeFailed, handshakeTimedOut, peerCertificateRejected
      case alertReceived, truncated, protocolViolation, bufferLimitExceeded, closed
    }

    private let kind: Kind

    /// A file or a setting cannot be used; ``TLSError/path`` names the file if there is one.
    public static let configuration = Code(kind: .configuration)
    /// The two sides found no agreement, or what arrived was no TLS handshake.
    public static let handshakeFailed = Code(kind: .handshakeFailed)
    /// The peer's certificate is missing, not trusted, not valid today, or made out to another
    /// name.
    public static let peerCertificateRejected = Code(kind: .peerCertificateRejected)
    /// The peer refused to go on and said why in an alert: our certificate, for instance.
    public static let alertReceived = Code(kind: .alertReceived)
    /// The handshake did not end within ``TLSConnectionLimits/handshakeTimeout``.
    public static let handshakeTimedOut = Code(kind: .handshakeTimedOut)
    /// The connection ended in its handshake, or without a close_notify: what was read may be cut
    /// short.
    public static let truncated = Code(kind: .truncated)
    /// A record could not be authenticated or broke the protocol after the handshake.
    public static let protocolViolation = Code(kind: .protocolViolation)
    /// More was written before the end of the handshake than may be kept.
    public static let bufferLimitExceeded = Code(kind: .bufferLimitExceeded)
    /// The connection was closed before this write was sent.
    public static let closed = Code(kind: .closed)

    public var description: String { self.kind.rawValue }
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence for a log or a terminal.
  public var message: String
  /// The file that cannot be read, parsed or written, if one is to blame.
  public var path: String?
  /// OpenSSL's own error stack, oldest first; empty when OpenSSL was not asked.
  public var libraryErrors: [String]

  /// Makes an error.
  public init(code: Code, message: String, path: String? = nil, libraryErrors: [String] = []) {
    self.code = code
    self.message = message
    self.path = path
    self.libraryErrors = libraryErrors
  }
}

extension TLSError: CustomStringConvertible {
  public var description: String {
    var text = "\(self.code): \(self.message)"
    if let path = self.path { text += " (\(path))" }
    if !self.libraryErrors.isEmpty {
      text += " [\(self.libraryErrors.joined(separator: "; "))]"
    }
    return text
  }
}
