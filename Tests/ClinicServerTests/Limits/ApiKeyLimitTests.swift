import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import RPCCore
import Testing

@Suite("Limits of API keys", .timeLimit(.minutes(3)))
struct ApiKeyLimitTests {
  /// Two calls of this cost fit, and a third not for fifty seconds.
  private static let two = CallLimits("cost=1/100") ?? CallLimits()

  private func verify(_ client: ClinicClient) async throws {
    _ = try await client.changes.verify(
      VerifyChangesRequest(), options: CallOptions(timeout: .seconds(20)))
  }

  /// A client with a token that was given for a key.
  private func tokenClient(
    _ key: String, at server: ClinicTestServer.Running
  ) async throws -> ClinicClient {
    let reply = try await server.client().auth.issueToken(
      IssueTokenRequest(grantType: "client_credentials", clientSecret: key))
    return try server.client(apiKey: reply.accessToken)
  }

  @Test("two keys of one account are counted apart, and a token with the key it was given for")
  func apart() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["changes.read"])
    let other = try await service.newKey()
    try await ReplicaServer.with(configure: { $0.callLimits.account = Self.two }) { server in
      let client = try server.client(apiKey: service.text)
      let holder = try await tokenClient(service.text, at: server)
      try await verify(client)
      try await verify(holder)
      for client in [client, holder] {
        let error = await failure { try await verify(client) }
        #expect(error?.code == .resourceExhausted && error?.reason == "RATE_LIMITED")
        #expect(error?.facts == ["scope": "api_key", "limit": "cost_per_second", "size": "1"])
        #expect(error?.message.hasPrefix("The API key may use 1 ") == true)
        #expect(error?.retryDelay ?? .zero > .seconds(20))
      }
      try await verify(try server.client(apiKey: other.key))
    }
  }

  @Test("usage tells which key a program called with, and whose it is")
  func usage() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let other = try await service.newKey()
    let clients = [
      service.client, try service.client(other.key),
      try await tokenClient(other.key, at: clinic.server)
    ]
    for client in clients { _ = try await client.patients.list(ListPatientsRequest()) }
    // What is on its way to the database comes with the next look.
    let keys = try await eventually { () -> [CallerUsage]? in
      let days = try await clinic.admin.quotas.getUsage(GetUsageRequest(days: 1)).days
      let keys = days.first?.callers.filter { !$0.apiKeyID.isEmpty } ?? []
      return keys.map(\.calls).reduce(0, +) == 3 ? keys : nil
    }
    #expect(keys.map(\.apiKeyID) == [other.apiKey?.apiKeyID, service.key.apiKeyID])
    #expect(keys.map(\.apiKeyName) == ["further", "first"])
    #expect(keys.map(\.calls) == [2, 1])
    for key in keys {
      #expect(key.accountID == service.account.serviceAccountID)
      #expect(key.displayName == service.account.name)
    }
    // The platform is told how much, and no names.
    let platform = try await clinic.server.platform()
    let seen = try await platform.quotas.getCompanyUsage(
      GetCompanyUsageRequest(companyID: clinic.company.companyID, days: 1))
    let callers = try #require(seen.days.first?.callers)
    #expect(callers.contains { $0.apiKeyID == service.key.apiKeyID })
    #expect(callers.allSatisfy { $0.displayName.isEmpty && $0.apiKeyName.isEmpty })
  }
}
