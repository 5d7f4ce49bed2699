internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// Keeps the credentials of a profile in its folder (mode 0600), for all processes that use it.
struct FileCredentialStore: CredentialStore {
  /// The user's profiles.
  let profiles: ProfileStore
  /// The profile.
  let name: String

  private var path: String { profiles.credentialsFile(of: name) }

  func load() async throws -> Credentials? {
    guard let text = try PrivateFiles.read(path, isSecret: true) else { return nil }
    do {
      return try Credentials(jsonUTF8: Array(text.utf8))
    } catch {
      throw CommandFailure(
        "\(path) is damaged", hint: "run clinicctl login --profile \(name) again")
    }
  }

  func save(_ credentials: Credentials?) async throws {
    guard let credentials else {
      try PrivateFiles.delete(path)
      return
    }
    try PrivateFiles.replace(path, with: try credentials.jsonValue().prettyText + "\n")
  }

  func withExclusiveAccess<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await FileLock.withLock(profiles.lockFile(of: name), body)
  }
}
