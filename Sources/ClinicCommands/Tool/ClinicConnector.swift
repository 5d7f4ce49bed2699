internal import ClinicClient

/// How a command gets at a server: over the network, or in a test's own way.
protocol ClinicConnector: Sendable {
  /// Lends a client of the profile to `body`: with an API key, or else with the credentials of a
  /// session.
  func withClient<Result: Sendable>(
    _ profile: Profile, _ credentials: any CredentialStore, apiKey: String?,
    _ body: (ClinicClient) async throws -> Result
  ) async throws -> Result
}

/// Connects to the servers of the profile.
struct NetworkConnector: ClinicConnector {
  func withClient<Result: Sendable>(
    _ profile: Profile, _ credentials: any CredentialStore, apiKey: String?,
    _ body: (ClinicClient) async throws -> Result
  ) async throws -> Result {
    try await withClinicClient(
      configuration: try ClinicClientConfiguration(profile, apiKey: apiKey),
      credentials: credentials, body)
  }
}
