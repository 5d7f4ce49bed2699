internal import FoundationEssentials
internal import RPCCore

/// Where an endpoint is.
struct WebhookAddress: Sendable, Hashable {
  let isSecure: Bool
  /// The host, an IPv6 address without brackets.
  let host: String
  let port: Int
  /// The path with the query.
  let target: String

  /// What a `host` header says.
  var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  /// Reads a URL.
  ///
  /// - Parameter allowsPlain: whether it may be http, on this machine's own addresses.
  /// - Throws: INVALID_ARGUMENT that says what is wrong with `webhook.url`.
  init(_ text: String, allowsPlain: Bool) throws {
    // What some readers of URLs take for something else than others is nothing to us.
    let isPlainText = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x5C }
    guard isPlainText, let url = URLComponents(string: text), let name = url.host, !name.isEmpty
    else { throw Self.refusal("FORMAT_URL", "must be a URL") }
    guard url.user == nil, url.password == nil, url.fragment == nil else {
      throw Self.refusal("URL_PARTS", "must have no user, password and fragment")
    }
    let host = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name.lowercased()
    switch url.scheme?.lowercased() {
    case "https": isSecure = true
    case "http" where allowsPlain && ["127.0.0.1", "::1", "localhost"].contains(host):
      isSecure = false
    default: throw Self.refusal("URL_SCHEME", "must begin with https://")
    }
    let port = url.port ?? (isSecure ? 443 : 80)
    guard (1...65_535).contains(port) else {
      throw Self.refusal("URL_PORT", "must have a port from 1 to 65535")
    }
    let isNumber = host.contains(":")
    guard isNumber || Self.isName(host) else {
      throw Self.refusal("URL_HOST", "must have a host's name or address")
    }
    self.host = host
    self.port = port
    let path = url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
    target = path + (url.percentEncodedQuery.map { "?\($0)" } ?? "")
  }

  /// Labels of letters, digits, hyphens and underscores.
  private static func isName(_ host: String) -> Bool {
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    return host.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count)
          && label.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
          }
      }
  }

  private static func refusal(_ reason: String, _ description: String) -> RPCError {
    .invalidArgument(field: "webhook.url", reason: reason, description: description)
  }
}
