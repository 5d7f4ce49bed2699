package import RPCCore

/// A POST to somebody else's server.
package struct HTTPPost: Sendable {
  /// The host's name, or its address without brackets.
  package var host: String
  /// The port.
  package var port: Int
  /// Whether the connection is encrypted, and the server's certificate checked.
  package var isSecure: Bool
  /// The path with the query.
  package var target: String
  /// What the `host` header says.
  package var authority: String
  /// Further headers.
  package var headers: [(name: String, value: String)]
  /// The body.
  package var body: [UInt8]
  /// By when the answer's status must be here.
  package var deadline: Deadline

  package init(
    host: String, port: Int, isSecure: Bool, target: String, authority: String,
    headers: [(name: String, value: String)], body: [UInt8], deadline: Deadline
  ) {
    self.host = host
    self.port = port
    self.isSecure = isSecure
    self.target = target
    self.authority = authority
    self.headers = headers
    self.body = body
    self.deadline = deadline
  }
}

/// Why there is no answer to a POST.
package struct HTTPPostError: Error, Sendable {
  /// What failed.
  package enum Kind: Sendable {
    /// The name stands for no address.
    case nameNotFound
    /// The addresses are not on the public internet.
    case addressRefused
    /// No connection could be made, or it was lost.
    case connection
    /// TLS failed, or the certificate is not to be trusted.
    case tls
    /// The deadline came first.
    case timeout
    /// What was answered is not HTTP.
    case badAnswer
  }

  /// What failed.
  package let kind: Kind
  /// More about it, fit for the log and for whoever runs the server: never what was answered.
  package let detail: String

  init(_ kind: Kind, _ detail: String = "") {
    self.kind = kind
    self.detail = detail
  }
}
