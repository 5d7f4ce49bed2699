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

  /// Lends a client of a profile to `body`.
  func withClient<Result: Sendable>(
    of profile: Profile, named name: String, _ body: (ClinicClient) async throws -> Result
  ) async throws -> Result {
    let store = FileCredentialStore(profiles: environment.profiles, name: name)
    do {
      return try await environment.connector.withClient(
        profile, store, apiKey: try apiKey(of: profile), body)
    } catch let error as RPCError {
      throw CallFailure(error: error, profile: name, servers: profile.servers)
    }
  }

  /// The API key to call with: that of the environment, else that of the profile's file; nil where a
  /// session is used.
  func apiKey(of profile: Profile) throws -> String? {
    if let key = environment.variables["CLINICCTL_API_KEY"], !key.isEmpty { return key }
    guard let file = profile.apiKeyFile else { return nil }
    let key = try PrivateFiles.read(file, isSecret: true)?
      .split(whereSeparator: \.isWhitespace).first.map(String.init)
    guard let key else {
      throw CommandFailure(
        "\(file) holds no API key", hint: "clinicctl api-key create ACCOUNT --name NAME makes one")
    }
    return key
  }
}
