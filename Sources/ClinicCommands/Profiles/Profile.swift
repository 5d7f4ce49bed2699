/// Where and as whom to log in: one of the user's named choices.
package struct Profile: Sendable, Hashable {
  /// The servers as `HOST:PORT`, tried in turn.
  package var servers: [String]
  /// The file with the certificate authority of the servers; nil for the system's.
  package var certificateAuthority: String?
  /// The name in the servers' certificate where it is not the host's.
  package var serverName: String?
  /// The clinic's short name.
  package var company: String?
  /// The account's e-mail address.
  package var email: String?
  /// The file with the API key of a service account, which calls without logging in; nil for a
  /// member of staff.
  package var apiKeyFile: String?
  /// The files of the client certificate (PEM) and its key; nil for none.
  package var clientCertificate: String?
  package var clientKey: String?

  package init(
    servers: [String], certificateAuthority: String? = nil, serverName: String? = nil,
    company: String? = nil, email: String? = nil, apiKeyFile: String? = nil,
    clientCertificate: String? = nil, clientKey: String? = nil
  ) {
    self.servers = servers
    self.certificateAuthority = certificateAuthority
    self.serverName = serverName
    self.company = company
    self.email = email
    self.apiKeyFile = apiKeyFile
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
  }
}

extension Profile {
  /// Reads the JSON of a profile file.
  package init(json: JSONValue) throws(CommandFailure) {
    let servers = json["servers"]?.elements.compactMap(\.text) ?? []
    guard !servers.isEmpty else {
      throw CommandFailure("the profile names no server", hint: "run clinicctl profile set")
    }
    self.init(
      servers: servers, certificateAuthority: json["certificateAuthority"]?.text,
      serverName: json["serverName"]?.text, company: json["company"]?.text,
      email: json["email"]?.text, apiKeyFile: json["apiKeyFile"]?.text,
      clientCertificate: json["clientCertificate"]?.text, clientKey: json["clientKey"]?.text)
  }

  /// The JSON of a profile file.
  package var json: JSONValue {
    var json: JSONValue = ["servers": .array(servers.map { .string($0) })]
    if let certificateAuthority {
      json.set("certificateAuthority", to: .string(certificateAuthority))
    }
    if let serverName { json.set("serverName", to: .string(serverName)) }
    if let company { json.set("company", to: .string(company)) }
    if let email { json.set("email", to: .string(email)) }
    for (name, file) in [
      ("apiKeyFile", apiKeyFile), ("clientCertificate", clientCertificate),
      ("clientKey", clientKey)
    ] {
      if let file { json.set(name, to: .string(file)) }
    }
    return json
  }
}
