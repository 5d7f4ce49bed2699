import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import ProtobufRuntime
import RPCCore

/// A service account of a test's clinic, with a key of its own and a client that calls with it.
struct TestService: Sendable {
  let clinic: TestClinic
  let account: ServiceAccount
  let key: ApiKey
  /// The key itself.
  let text: String
  let client: ClinicClient

  /// A client with another key, or a token.
  func client(_ key: String) throws -> ClinicClient { try clinic.server.client(apiKey: key) }

  /// A further key of the account.
  func newKey(
    permissions: [String] = [], expires: Timestamp? = nil, limits: UsageLimits? = nil
  ) async throws -> CreateApiKeyResponse {
    try await clinic.admin.serviceAccounts.createApiKey(
      CreateApiKeyRequest(
        serviceAccountID: account.serviceAccountID,
        apiKey: ApiKey(
          name: "further", permissions: permissions, expireTime: expires, limits: limits)))
  }

  /// Sets the limits of the key; nil takes all away.
  @discardableResult
  func limit(_ limits: UsageLimits?) async throws -> ApiKey {
    try requireValue(
      try await clinic.admin.serviceAccounts.updateApiKey(
        UpdateApiKeyRequest(
          apiKeyID: key.apiKeyID, apiKey: ApiKey(limits: limits),
          updateMask: FieldMask(paths: ["limits"]))
      ).apiKey)
  }

  /// What the administrator sees of a key.
  func seen(_ keyID: String? = nil) async throws -> ApiKey {
    let keys = try await clinic.admin.serviceAccounts.listApiKeys(
      ListApiKeysRequest(serviceAccountID: account.serviceAccountID)
    ).apiKeys
    return try requireValue(keys.first { $0.apiKeyID == keyID ?? key.apiKeyID })
  }

  /// Changes the account, as it is now.
  @discardableResult
  func update(_ paths: [String], _ change: (inout ServiceAccount) -> Void) async throws
    -> ServiceAccount
  {
    var account = ServiceAccount()
    change(&account)
    return try requireValue(
      try await clinic.admin.serviceAccounts.update(
        UpdateServiceAccountRequest(
          serviceAccountID: self.account.serviceAccountID, serviceAccount: account,
          updateMask: FieldMask(paths: paths))
      ).serviceAccount)
  }
}

extension TestClinic {
  /// A service account with exactly these permissions.
  func service(
    permissions: [String], thumbprints: [String] = []
  ) async throws -> TestService {
    let account = try requireValue(
      try await admin.serviceAccounts.create(
        CreateServiceAccountRequest(
          serviceAccount: ServiceAccount(
            name: "Service \(UUID().uuidString.prefix(8))", permissions: permissions,
            certificateThumbprints: thumbprints))
      ).serviceAccount)
    let made = try await admin.serviceAccounts.createApiKey(
      CreateApiKeyRequest(
        serviceAccountID: account.serviceAccountID, apiKey: ApiKey(name: "first")))
    return TestService(
      clinic: self, account: account, key: try requireValue(made.apiKey), text: made.key,
      client: try server.client(apiKey: made.key))
  }
}

extension ClinicTestServer.Running {
  /// A client that calls with a key or a token.
  func client(apiKey: String) throws -> ClinicClient {
    try ClinicClient(
      configuration: ClinicClientConfiguration(
        servers: [ServerAddress(host: "127.0.0.1", port: port)],
        certificateAuthority: .file(certificateAuthority), apiKey: apiKey, connections: 1))
  }
}

extension Timestamp {
  /// The moment that lies so many seconds ahead.
  static func ahead(_ seconds: Int64) -> Timestamp {
    Timestamp(seconds: Int64(Foundation.Date.now.timeIntervalSince1970) + seconds)
  }
}

/// The first failure of a call that is made until it fails, within a while.
func firstFailure(_ call: () async throws -> Void) async throws -> RPCError? {
  let end = ContinuousClock.now + .seconds(10)
  while ContinuousClock.now < end {
    if let error = await failure(call) { return error }
    try await Task.sleep(for: .milliseconds(20))
  }
  return nil
}
