import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@testable import ClinicServer

@Suite("Tokens for API keys")
struct TokenTests {
  private static func list(_ client: ClinicClient) async throws {
    _ = try await client.patients.list(ListPatientsRequest())
  }

  private static func token(
    _ service: TestService, key: String? = nil, grant: String = "client_credentials",
    scope: String = ""
  ) async throws -> IssueTokenResponse {
    try await service.clinic.server.client().auth.issueToken(
      IssueTokenRequest(grantType: grant, clientSecret: key ?? service.text, scope: scope))
  }

  @Test("do what the key does, for minutes")
  func grant() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read", "notes.read"])
    let reply = try await Self.token(service)
    #expect(reply.tokenType == "Bearer" && reply.scope == "notes.read patients.read")
    #expect((590...600).contains(reply.expiresIn))
    let client = try service.client(reply.accessToken)
    try await Self.list(client)
    let caller = try await client.auth.getCaller(GetCallerRequest())
    #expect(caller.serviceAccount == service.account)
    #expect(caller.apiKey?.apiKeyID == service.key.apiKeyID)
    // Asking without a grant type is asking for the only one.
    try await Self.list(try service.client(try await Self.token(service, grant: "").accessToken))
  }

  @Test("do less where less is asked for")
  func scope() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read", "notes.read"])
    let reply = try await Self.token(service, scope: "notes.read")
    #expect(reply.scope == "notes.read")
    let client = try service.client(reply.accessToken)
    _ = try await client.notes.list(ListNotesRequest())
    let error = await failure { try await Self.list(client) }
    #expect(error?.code == .permissionDenied && error?.reason == "PERMISSION_MISSING")
    // What the account loses, the token loses too.
    try await service.update(["permissions"]) { $0.permissions = ["patients.read"] }
    let lost = try await firstFailure { _ = try await client.notes.list(ListNotesRequest()) }
    #expect(lost?.code == .permissionDenied)
  }

  @Test(
    "are refused for more than the key may do, and for other grants",
    arguments: [
      ("client_credentials", "patients.write", "scope"),
      ("client_credentials", "patients.read patients.write", "scope"),
      ("client_credentials", " ", "scope"), ("password", "", "grant_type")
    ])
  func wrongScope(grant: String, scope: String, field: String) async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let error = await failure {
      _ = try await Self.token(service, grant: grant, scope: scope)
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.map(\.field) == [field])
  }

  @Test("end with their key, on open connections and streams, and not before it")
  func ending() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read", "changes.read"])
    let other = try service.client(
      try await Self.token(service, key: try await service.newKey().key).accessToken)
    let client = try service.client(try await Self.token(service).accessToken)
    try await Self.list(client)
    let error = await failure {
      try await client.changes.watch(WatchChangesRequest()) { replies in
        var isOpen = false
        for try await _ in replies where !isOpen {
          isOpen = true
          _ = try await clinic.admin.serviceAccounts.revokeApiKey(
            RevokeApiKeyRequest(apiKeyID: service.key.apiKeyID))
        }
      }
    }
    #expect(error?.code == .unauthenticated && error?.reason == "KEY_REFUSED")
    let unary = await failure { try await Self.list(client) }
    #expect(unary?.reason == "KEY_REFUSED")
    try await Self.list(other)
    let none = await failure { _ = try await Self.token(service) }
    #expect(none?.code == .unauthenticated && none?.reason == "KEY_REFUSED")
  }

  @Test("live no longer than their key")
  func expiry() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let brief = try await service.newKey(expires: .ahead(4))
    let reply = try await Self.token(service, key: brief.key)
    #expect(reply.expiresIn <= 4)
    let error = try await firstFailure {
      try await Self.list(try service.client(reply.accessToken))
    }
    #expect(error?.code == .unauthenticated)
    #expect(["TOKEN_EXPIRED", "KEY_EXPIRED"].contains(error?.reason ?? ""))
  }

  @Test("are no keys: a token gets no token, and a person's token is nobody's key")
  func confusion() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    // The longest that is taken is shorter than a token.
    let error = await failure {
      _ = try await Self.token(service, key: try await Self.token(service).accessToken)
    }
    #expect(error?.code == .invalidArgument)
    // A key does not refresh a session.
    let refresh = await failure {
      _ = try await clinic.server.client().auth.refreshSession(
        RefreshSessionRequest(refreshToken: service.text))
    }
    #expect(refresh?.code == .unauthenticated)
  }
}
