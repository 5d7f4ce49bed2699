internal import Crypto
internal import RPCCore

/// Certificates in PEM files.
enum CertificateFile {
  private static let begin = "-----BEGIN CERTIFICATE-----"
  private static let end = "-----END CERTIFICATE-----"

  /// The SHA-256 of the first certificate of a file, as RFC 8705 writes it (`x5t#S256`): base64url
  /// without padding. In a chain, the first certificate is the client's own.
  static func thumbprint(_ path: String) throws -> String {
    let text = String(decoding: try InputFile(path).readAll(limit: 1 << 20), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimming(while: \.isWhitespace) }
    guard let first = lines.firstIndex(where: { $0 == begin }),
      let last = lines[first...].firstIndex(where: { $0 == end }),
      let der = Base64.bytes(of: lines[(first + 1)..<last].joined()), !der.isEmpty
    else {
      throw CommandFailure.usage("\(path) holds no certificate in PEM form")
    }
    return String(
      Base64.text(of: Array(SHA256.hash(data: der))).map { character in
        switch character {
        case "+": "-"
        case "/": "_"
        default: character
        }
      })
  }
}

extension Substring {
  /// The text without such characters at its end.
  fileprivate func trimming(while isDropped: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, isDropped(last) { text.removeLast() }
    return text
  }
}
