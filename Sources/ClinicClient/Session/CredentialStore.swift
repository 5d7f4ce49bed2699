public import ClinicContracts

/// Where a client keeps the credentials of its session between calls, and between runs.
public protocol CredentialStore: Sendable {
  /// The credentials; nil where nobody is logged in.
  func load() async throws -> Credentials?

  /// Keeps the credentials of a login or a refresh; nil forgets them.
  func save(_ credentials: Credentials?) async throws

  /// Runs `body` while nobody else who shares the store does so.
  ///
  /// A refresh token works once, so a store that several processes share must let one at a time
  /// pass. The default just runs `body`, which is right for a store of one client.
  func withExclusiveAccess<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws -> Result
}

extension CredentialStore {
  /// Runs `body` at once: right for a store of one client.
  public func withExclusiveAccess<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await body()
  }
}
