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

  package init(
    servers: [String], certificateAuthority: String? = nil, serverName: String? = nil,
    company: String? = nil, email: String? = nil
  ) {
    self.servers = servers
    self.certificateAuthority = certificateAuthority
    self.serverName = serverName
    self.company = company
    self.email = email
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
      email: json["email"]?.text)
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
    return json
  }
}
