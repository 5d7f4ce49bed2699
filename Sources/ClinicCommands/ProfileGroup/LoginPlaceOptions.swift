internal import ArgumentParser

/// The options that say where and as whom to log in.
struct LoginPlaceOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The server's address. Repeat it for a server with several.", valueName: "host:port"))
  var server: [String] = []

  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp(
      "The certificate authority of the server (PEM). Default: the system's.", valueName: "file"),
    completion: .file(extensions: ["pem", "crt"]))
  var certificateAuthority: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The name in the server's certificate. Default: the host of its address.", valueName: "name"))
  var serverName: String?

  @Option(name: .long, help: ArgumentHelp("The clinic's short name.", valueName: "slug"))
  var company: String?

  @Option(name: .long, help: ArgumentHelp("The account's e-mail address.", valueName: "address"))
  var email: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The client certificate to show to the server (PEM).", valueName: "file"),
    completion: .file(extensions: ["pem", "crt"]))
  var clientCertificate: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The key of the client certificate (PEM). Default: in the same file.", valueName: "file"),
    completion: .file(extensions: ["pem", "key"]))
  var clientKey: String?

  init() {}

  func validate() throws {
    for address in server where !Self.isAddress(address) {
      throw ValidationError("'\(address)' is not an address as HOST:PORT")
    }
  }

  /// Whether a text is `HOST:PORT`, an IPv6 address in square brackets.
  static func isAddress(_ text: String) -> Bool {
    guard let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port)
    else { return false }
    let host = text[..<colon]
    if host.hasPrefix("[") { return host.hasSuffix("]") && host.count > 2 }
    return !host.isEmpty && !host.contains { $0 == ":" || $0.isWhitespace || $0 == "/" }
  }

  /// The profile with what the options say; a relative file is found from `folder`.
  func applied(to profile: Profile?, folder: String) throws(CommandFailure) -> Profile {
    var result = profile ?? Profile(servers: [])
    if !server.isEmpty { result.servers = server }
    if let certificateAuthority {
      result.certificateAuthority = Self.absolute(certificateAuthority, in: folder)
    }
    if let clientCertificate {
      result.clientCertificate = Self.absolute(clientCertificate, in: folder)
      result.clientKey = nil
    }
    if let clientKey { result.clientKey = Self.absolute(clientKey, in: folder) }
    if let serverName { result.serverName = serverName }
    if let company { result.company = company }
    if let email { result.email = email }
    guard !result.servers.isEmpty else {
      throw .usage("the profile names no server", hint: "pass --server HOST:PORT")
    }
    return result
  }

  /// Whether the options name another clinic or server than the profile.
  func leadsAway(from profile: Profile) -> Bool {
    if let company, let theirs = profile.company, company != theirs { return true }
    return !server.isEmpty && Set(server) != Set(profile.servers)
  }

  /// What a new profile takes over from the one in use, from which the options lead away: the
  /// account where the clinic is the same, how to connect where the server is.
  func basis(from profile: Profile) -> Profile {
    var basis = Profile(servers: profile.servers)
    if server.isEmpty || Set(server) == Set(profile.servers) {
      basis = profile
      basis.apiKeyFile = nil
      basis.email = nil
    }
    basis.company = company ?? profile.company
    if basis.company == profile.company { basis.email = profile.email }
    return basis
  }

  /// A file's path, found from a folder where it is relative.
  static func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }
}
