import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
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
    let service = try await clinic.service(permissions: ["changes.audit"])
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

  @Test("a key's limit refuses it and its tokens, and leaves the account's other keys alone")
  func ownLimit() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["changes.audit"])
    let limited = try await service.newKey(
      limits: UsageLimits(cost: UsageRate(perSecond: 1, burst: 100)))
    let client = try service.client(limited.key)
    try await verify(client)
    try await verify(try await tokenClient(limited.key, at: clinic.server))
    let error = await failure { try await verify(client) }
    #expect(error?.code == .resourceExhausted && error?.reason == "RATE_LIMITED")
    #expect(error?.facts == ["scope": "api_key", "limit": "cost_per_second", "size": "1"])
    #expect(error?.retryDelay ?? .zero > .seconds(20))
    for _ in 0..<3 { try await verify(service.client) }
  }

  @Test("a key's limit cannot lift what the platform set for each caller of the clinic")
  func lower() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["changes.audit"])
    let greedy = UsageLimits(
      calls: UsageRate(perSecond: 1_000_000), cost: UsageRate(perSecond: 1_000_000),
      callsPerDay: 1_000_000)
    let key = try await service.newKey(limits: greedy)
    #expect(key.apiKey?.limits == greedy)
    try await ReplicaServer.with(configure: { $0.callLimits.account = Self.two }) { server in
      let client = try server.client(apiKey: key.key)
      for _ in 0..<2 { try await verify(client) }
      let error = await failure { try await verify(client) }
      #expect(error?.facts == ["scope": "api_key", "limit": "cost_per_second", "size": "1"])
    }
  }

  @Test("a changed limit takes hold on an open connection, and counts what the day has used")
  func change() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    func list() async throws {
      _ = try await service.client.patients.list(ListPatientsRequest())
    }
    for _ in 0..<3 { try await list() }
    try await service.limit(UsageLimits(callsPerDay: 3))
    let error = try await firstFailure(list)
    #expect(error?.code == .resourceExhausted && error?.reason == "QUOTA_EXCEEDED")
    #expect(error?.facts == ["scope": "api_key", "limit": "calls_per_day", "size": "3"])
    let delay = try #require(error?.retryDelay)
    #expect(delay > .zero && delay <= .seconds(86_400))
    try await service.limit(UsageLimits(callsPerDay: 1_000))
    _ = try await eventually { await failure(list) == nil ? true : nil }
    try await service.limit(UsageLimits(callsPerDay: 1))
    #expect(try await firstFailure(list)?.facts["size"] == "1")
    try await service.limit(nil)
    _ = try await eventually { await failure(list) == nil ? true : nil }
  }

  @Test("a stream takes its key's changed limit too: one that uses up the day ends")
  func streams() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.import"])
    let error = await failure {
      _ = try await service.client.patients.import { writer in
        try await writer.write(ImportPatientsRequest(part: .options(ImportOptions())))
        for number in 1...1_000 {
          if number == 2 { try await service.limit(UsageLimits(costPerDay: 1)) }
          let patient = Patient(name: PersonName(given: "Row", family: "Number\(number)"))
          try await writer.write(
            ImportPatientsRequest(part: .row(ImportRow(line: Int64(number), patient: patient))))
          try await Task.sleep(for: .milliseconds(20))
        }
      }
    }
    #expect(error?.code == .resourceExhausted && error?.reason == "QUOTA_EXCEEDED")
    #expect(error?.facts == ["scope": "api_key", "limit": "cost_per_day", "size": "1"])
  }

  @Test("a key's calls of a day count on all servers together")
  func acrossServers() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let key = try await service.newKey(limits: UsageLimits(callsPerDay: 6))
    func configure(_ configuration: inout ServerConfiguration) {
      configuration.callLimits.usageInterval = .milliseconds(100)
    }
    func list(_ client: ClinicClient) async throws {
      _ = try await client.patients.list(ListPatientsRequest())
    }
    try await ReplicaServer.with(configure: configure) { one in
      try await ReplicaServer.with(configure: configure) { two in
        let clients = [try one.client(apiKey: key.key), try two.client(apiKey: key.key)]
        for _ in 0..<3 { try await list(clients[0]) }
        // Until the database knows of them.
        _ = try await eventually { () -> Bool? in
          let days = try await clinic.admin.quotas.getUsage(GetUsageRequest(days: 1)).days
          let callers = days.first?.callers ?? []
          return callers.first { $0.apiKeyID == key.apiKey?.apiKeyID }?.calls == 3 ? true : nil
        }
        // The other server hears of them at the key's first call there.
        for _ in 0..<3 { try await list(clients[1]) }
        for client in clients {
          let error = try await firstFailure { try await list(client) }
          #expect(error?.reason == "QUOTA_EXCEEDED" && error?.facts["scope"] == "api_key")
        }
        try await list(service.client)
      }
    }
  }
}
