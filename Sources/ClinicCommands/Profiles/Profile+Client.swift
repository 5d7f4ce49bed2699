internal import ClinicClient

extension ClinicClientConfiguration {
  /// The configuration for the servers of a profile.
  init(_ profile: Profile) throws(CommandFailure) {
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
  }
}
