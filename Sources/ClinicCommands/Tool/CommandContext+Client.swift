internal import ClinicClient
internal import RPCCore

extension CommandContext {
  /// The options of a call.
  var callOptions: CallOptions { CallOptions(timeout: timeout) }

  /// Lends a client of the chosen profile to `body`.
  func withClient<Result: Sendable>(
    _ body: (ClinicClient) async throws -> Result
  ) async throws -> Result {
    let (name, profile) = try environment.profiles.selected(
      option: profileOption, variables: environment.variables)
    return try await withClient(of: profile, named: name, body)
  }

  /// The URL of a path on the chosen profile's first server.
  func url(of path: String) throws -> String {
    let (_, profile) = try environment.profiles.selected(
      option: profileOption, variables: environment.variables)
    return "https://\(profile.servers.first ?? "")\(path)"
  }

  /// Lends a client of a profile to `body`.
  func withClient<Result: Sendable>(
    of profile: Profile, named name: String, _ body: (ClinicClient) async throws -> Result
  ) async throws -> Result {
    let store = FileCredentialStore(profiles: environment.profiles, name: name)
    do {
      return try await environment.connector.withClient(profile, store, body)
    } catch let error as RPCError {
      throw CallFailure(error: error, profile: name, servers: profile.servers)
    }
  }
}
