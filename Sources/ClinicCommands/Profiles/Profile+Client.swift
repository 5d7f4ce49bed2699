internal import ClinicClient

extension ClinicClientConfiguration {
  /// The configuration for the servers of a profile, with an API key where it does not log in.
  init(_ profile: Profile, apiKey: String?) throws(CommandFailure) {
    var servers: [ServerAddress] = []
    for text in profile.servers {
      guard let address = ServerAddress(text) else {
        throw .usage("'\(text)' is not an address as HOST:PORT")
      }
      servers.append(address)
    }
    self.init(
      servers: servers,
      certificateAuthority: profile.certificateAuthority.map { .file($0) } ?? .system)
    serverName = profile.serverName
    self.apiKey = apiKey
    if let chain = profile.clientCertificate {
      clientCertificate = ClientCertificate(
        certificateChain: chain, privateKey: profile.clientKey ?? chain)
    }
  }
}
