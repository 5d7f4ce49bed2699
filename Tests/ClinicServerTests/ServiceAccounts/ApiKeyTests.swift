import ClinicClient
import ClinicContracts
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@testable import ClinicServer

@Suite("API keys")
struct ApiKeyTests {
  private static func list(_ client: ClinicClient) async throws {
    _ = try await client.patients.list(ListPatientsRequest())
  }

  @Test("are made for 90 days, shown once, and stored as a hash alone")
  func making() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    try await Self.list(service.client)
    let key = try await service.seen()
    #expect(key.state == .active && key.name == "first" && service.text.hasSuffix(key.hint))
    let lifetime = (key.expireTime?.seconds ?? 0) - (key.createTime?.seconds ?? 0)
    #expect(lifetime == 90 * 86_400)
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    let rows = try await clinic.server.inspect(
      """
      select k.hash, to_jsonb(k)::text from clinic.api_keys k where k.company_id = \(company)
      """)
    try #require(rows.count == 1)
    let secret = try #require(ApiKeySecret(text: service.text))
    #expect(try rows[0].decode(0) == secret.hash)
    #expect(try !rows[0].decode(1, as: String.self).contains(service.text.dropFirst(5).prefix(60)))
    #expect(try !rows[0].decode(1, as: String.self).contains(service.text.suffix(43)))
  }

  @Test("are made once for a request id, and a retry does not show them again")
  func once() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let create = CreateApiKeyRequest(
      serviceAccountID: service.account.serviceAccountID, apiKey: ApiKey(name: "once"),
      requestID: UUID().uuidString)
    let first = try await clinic.admin.serviceAccounts.createApiKey(create)
    let second = try await clinic.admin.serviceAccounts.createApiKey(create)
    #expect(second.apiKey == first.apiKey && !first.key.isEmpty && second.key.isEmpty)
    let rotate = RotateApiKeyRequest(
      apiKeyID: first.apiKey?.apiKeyID ?? "", requestID: UUID().uuidString)
    let third = try await clinic.admin.serviceAccounts.rotateApiKey(rotate)
    let fourth = try await clinic.admin.serviceAccounts.rotateApiKey(rotate)
    #expect(fourth.apiKey == third.apiKey && !third.key.isEmpty && fourth.key.isEmpty)
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    // What is stored of the replies holds no key.
    for text in [first.key, third.key] {
      let bytes = Array(text.utf8)
      let rows = try await clinic.server.inspect(
        """
        select count(*), count(*) filter (where position(\(bytes) in reply) > 0) \
        from clinic.requests where company_id = \(company)
        """)
      #expect(try rows[0].decode(0, as: Int64.self) >= 2)
      #expect(try rows[0].decode(1, as: Int64.self) == 0)
    }
    let tried = try await clinic.admin.serviceAccounts.createApiKey(
      CreateApiKeyRequest(
        serviceAccountID: service.account.serviceAccountID, apiKey: ApiKey(name: "tried"),
        validateOnly: true))
    #expect(tried.key.isEmpty)
    let keys = try await clinic.admin.serviceAccounts.listApiKeys(
      ListApiKeysRequest(serviceAccountID: service.account.serviceAccountID))
    #expect(keys.apiKeys.map(\.name) == ["once", "once", "first"])
  }

  @Test(
    "are refused with an end that has passed, lies too far ahead, or more than their account may do",
    arguments: [
      (ApiKey(), "api_key.name"),
      (ApiKey(name: "k", expireTime: Timestamp(seconds: 1_000_000_000)), "api_key.expire_time"),
      (
        ApiKey(
          name: "k", expireTime: .ahead(400 * 86_400 + 3_600)),
        "api_key.expire_time"
      ),
      (
        ApiKey(name: "k", permissions: ["patients.read", "notes.read"]), "api_key.permissions[1]"
      ),
      (
        ApiKey(name: "k", limits: UsageLimits(calls: UsageRate(burst: 5))),
        "api_key.limits.calls.per_second"
      ),
      (ApiKey(name: "k", limits: UsageLimits(costPerDay: 0)), "api_key.limits.cost_per_day")
    ])
  func nonsense(key: ApiKey, field: String) async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let error = await failure {
      _ = try await clinic.admin.serviceAccounts.createApiKey(
        CreateApiKeyRequest(serviceAccountID: service.account.serviceAccountID, apiKey: key))
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.map(\.field) == [field])
  }

  @Test("are ten of an account at the most")
  func many() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: [])
    for _ in 0..<9 { _ = try await service.newKey() }
    let error = await failure { _ = try await service.newKey() }
    #expect(error?.code == .failedPrecondition)
    _ = try await clinic.admin.serviceAccounts.revokeApiKey(
      RevokeApiKeyRequest(apiKeyID: service.key.apiKeyID))
    _ = try await service.newKey()
  }

  @Test("may do less than their account, and never more than it can at the time")
  func narrowing() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read", "notes.read"])
    let narrow = try await service.newKey(permissions: ["notes.read"])
    let client = try service.client(narrow.key)
    _ = try await client.notes.list(ListNotesRequest())
    let error = await failure { try await Self.list(client) }
    #expect(error?.code == .permissionDenied && error?.reason == "PERMISSION_MISSING")

    // What the account loses, its keys lose, on the connections that they are used over.
    try await Self.list(service.client)
    try await service.update(["permissions"]) { $0.permissions = ["notes.read"] }
    let lost = try await firstFailure { try await Self.list(service.client) }
    #expect(lost?.code == .permissionDenied)
    try await service.update(["permissions"]) { $0.permissions = ["patients.read"] }
    let gone = try await firstFailure { _ = try await client.notes.list(ListNotesRequest()) }
    #expect(gone?.code == .permissionDenied)
    try await Self.list(service.client)
    #expect(try await client.auth.getCaller(GetCallerRequest()).permissions.isEmpty)
  }

  @Test("are changed in name and limits, by whoever knows them as they are")
  func update() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let (accounts, id) = (clinic.admin.serviceAccounts, service.key.apiKeyID)
    #expect(service.key.limits == nil && service.key.updateTime == service.key.createTime)
    let request = UpdateApiKeyRequest(
      apiKeyID: id,
      apiKey: ApiKey(
        name: "second", limits: UsageLimits(calls: UsageRate(perSecond: 10), costPerDay: 500),
        etag: service.key.etag),
      requestID: UUID().uuidString)
    let changed = try #require(try await accounts.updateApiKey(request).apiKey)
    #expect(changed.name == "second" && changed.limits == request.apiKey?.limits)
    #expect(changed.etag != service.key.etag && changed.updateTime != service.key.updateTime)
    #expect(try await service.seen() == changed)
    #expect(try await accounts.updateApiKey(request).apiKey == changed)
    // Its program can ask for them.
    let caller = try await service.client.auth.getCaller(GetCallerRequest())
    #expect(caller.apiKey?.limits == changed.limits && caller.apiKey?.etag == changed.etag)

    let stale = await failure {
      _ = try await accounts.updateApiKey(
        UpdateApiKeyRequest(
          apiKeyID: id, apiKey: ApiKey(name: "third", etag: service.key.etag)))
    }
    #expect(stale?.code == .aborted && stale?.reason == "ETAG_MISMATCH")
    // One limit goes, the others stay; then all.
    let fewer = try await accounts.updateApiKey(
      UpdateApiKeyRequest(
        apiKeyID: id, apiKey: ApiKey(etag: changed.etag),
        updateMask: FieldMask(paths: ["limits.calls"])))
    #expect(fewer.apiKey?.limits == UsageLimits(costPerDay: 500))
    let none = try await accounts.updateApiKey(
      UpdateApiKeyRequest(
        apiKeyID: id, apiKey: ApiKey(), updateMask: FieldMask(paths: ["limits.cost_per_day"])))
    #expect(none.apiKey?.limits == nil && none.apiKey?.name == "second")
    let log = try await clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(recordTypes: ["api_key"], action: "updated")))
    #expect(
      log.changes.map(\.fields) == [
        ["limits.cost_per_day"], ["limits.calls"], ["name", "limits"]
      ])

    let closed = await failure {
      _ = try await accounts.updateApiKey(
        UpdateApiKeyRequest(
          apiKeyID: id, apiKey: ApiKey(permissions: ["notes.read"]),
          updateMask: FieldMask(paths: ["permissions"])))
    }
    #expect(closed?.code == .invalidArgument)
    #expect(closed?.fieldViolations.map(\.field) == ["update_mask.paths[0]"])
    let wrong = await failure {
      _ = try await service.limit(UsageLimits(cost: UsageRate(perSecond: 1_000_000_001)))
    }
    #expect(wrong?.fieldViolations.map(\.field) == ["api_key.limits.cost.per_second"])
    _ = try await accounts.revokeApiKey(RevokeApiKeyRequest(apiKeyID: id))
    let ended = await failure { try await service.limit(UsageLimits(callsPerDay: 1)) }
    #expect(ended?.code == .failedPrecondition)
  }

  @Test("have another version after every change, and not after a use")
  func versions() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    try await Self.list(service.client)
    let used = try await eventually { () -> ApiKey? in
      let key = try await service.seen()
      return key.lastUsedTime == nil ? nil : key
    }
    #expect(used.etag == service.key.etag && used.updateTime == service.key.updateTime)
    let rotated = try await clinic.admin.serviceAccounts.rotateApiKey(
      RotateApiKeyRequest(apiKeyID: service.key.apiKeyID)
    ).replaced
    #expect(try await service.seen().etag == rotated?.etag && rotated?.etag != used.etag)
    let revoked = try await clinic.admin.serviceAccounts.revokeApiKey(
      RevokeApiKeyRequest(apiKeyID: service.key.apiKeyID)
    ).apiKey
    #expect(try await service.seen() == revoked && revoked?.etag != rotated?.etag)
  }

  @Test("bite the dust within a second when they are revoked, on open connections and streams")
  func revocation() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["changes.read", "patients.read"])
    try await Self.list(service.client)
    let error = await failure {
      try await service.client.changes.watch(WatchChangesRequest()) { replies in
        var isOpen = false
        for try await _ in replies where !isOpen {
          isOpen = true
          _ = try await clinic.admin.serviceAccounts.revokeApiKey(
            RevokeApiKeyRequest(apiKeyID: service.key.apiKeyID, reason: "leaked"))
        }
      }
    }
    #expect(error?.code == .unauthenticated && error?.reason == "KEY_REFUSED")
    let unary = await failure { try await Self.list(service.client) }
    #expect(unary?.code == .unauthenticated && unary?.reason == "KEY_REFUSED")
    let key = try await service.seen()
    #expect(key.state == .revoked && key.revokeTime != nil)
    let again = await failure {
      _ = try await clinic.admin.serviceAccounts.revokeApiKey(
        RevokeApiKeyRequest(apiKeyID: service.key.apiKeyID))
    }
    #expect(again?.code == .failedPrecondition)
    let log = try await clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(recordTypes: ["api_key"], action: "revoked")))
    #expect(log.changes.map(\.reason) == ["leaked"])
  }

  @Test("end on every server of the platform when they are revoked on one")
  func replicas() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    try await ReplicaServer.with { replica in
      let client = try replica.client(apiKey: service.text)
      try await Self.list(client)
      _ = try await clinic.admin.serviceAccounts.revokeApiKey(
        RevokeApiKeyRequest(apiKeyID: service.key.apiKeyID))
      let error = try await firstFailure { try await Self.list(client) }
      #expect(error?.code == .unauthenticated)
      await client.close()
    }
  }

  @Test("expire, on open connections and streams too")
  func expiry() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["changes.read", "patients.read"])
    let brief = try await service.newKey(expires: .ahead(3))
    let client = try service.client(brief.key)
    try await Self.list(client)
    let error = await failure {
      try await client.changes.watch(WatchChangesRequest()) { replies in
        for try await _ in replies {}
      }
    }
    #expect(error?.code == .unauthenticated && error?.reason == "KEY_EXPIRED")
    let unary = await failure { try await Self.list(client) }
    #expect(unary?.code == .unauthenticated && unary?.reason == "KEY_EXPIRED")
    #expect(try await service.seen(brief.apiKey?.apiKeyID).state == .expired)
    let rotation = await failure {
      _ = try await clinic.admin.serviceAccounts.rotateApiKey(
        RotateApiKeyRequest(apiKeyID: brief.apiKey?.apiKeyID ?? ""))
    }
    #expect(rotation?.code == .failedPrecondition)
  }

  @Test("are replaced with an overlap in which both work, and once")
  func rotation() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read", "notes.read"])
    let limits = UsageLimits(callsPerDay: 1_000)
    let first = try await service.newKey(permissions: ["patients.read"], limits: limits)
    let old = try service.client(first.key)
    try await Self.list(old)
    let id = try #require(first.apiKey?.apiKeyID)
    let next = try await clinic.admin.serviceAccounts.rotateApiKey(
      RotateApiKeyRequest(apiKeyID: id, overlapMinutes: 60))
    let new = try service.client(next.key)
    try await Self.list(new)
    try await Self.list(old)
    #expect(next.apiKey?.permissions == ["patients.read"] && next.apiKey?.name == "further")
    #expect(next.apiKey?.limits == limits)
    #expect(try await service.seen(next.apiKey?.apiKeyID).limits == limits)
    let replaced = try #require(next.replaced)
    #expect(replaced.replacedByApiKeyID == next.apiKey?.apiKeyID)
    let left = (replaced.expireTime?.seconds ?? 0) - (next.apiKey?.createTime?.seconds ?? 0)
    #expect(left == 3_600)
    #expect(try await service.seen(id).expireTime == replaced.expireTime)
    let again = await failure {
      _ = try await clinic.admin.serviceAccounts.rotateApiKey(RotateApiKeyRequest(apiKeyID: id))
    }
    #expect(again?.code == .failedPrecondition)

    // Without an overlap the old one ends at once, on the connection that it is used over.
    let last = try await clinic.admin.serviceAccounts.rotateApiKey(
      RotateApiKeyRequest(apiKeyID: next.apiKey?.apiKeyID ?? "", overlapMinutes: 0))
    #expect(last.replaced?.state == .expired)
    let error = try await firstFailure { try await Self.list(new) }
    #expect(error?.code == .unauthenticated && error?.reason == "KEY_EXPIRED")
    try await Self.list(try service.client(last.key))
    try await Self.list(old)
  }

  @Test("stay with the end of the old key where the overlap would go beyond it")
  func shortOverlap() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: [])
    let first = try await service.newKey(expires: .ahead(600))
    let next = try await clinic.admin.serviceAccounts.rotateApiKey(
      RotateApiKeyRequest(apiKeyID: first.apiKey?.apiKeyID ?? ""))
    #expect(next.replaced?.expireTime == first.apiKey?.expireTime)
    let lives = [first.apiKey, next.apiKey].map { key -> Int64 in
      let (begin, end) = (key?.createTime?.seconds ?? 0, key?.expireTime?.seconds ?? 0)
      return end - begin
    }
    #expect((599...600).contains(lives[0]) && (599...600).contains(lives[1]))
  }

  @Test("end with their account, and stay ended when it is opened again")
  func deactivation() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    try await Self.list(service.client)
    _ = try await clinic.admin.serviceAccounts.deactivate(
      DeactivateServiceAccountRequest(serviceAccountID: service.account.serviceAccountID))
    let error = try await firstFailure { try await Self.list(service.client) }
    #expect(error?.code == .unauthenticated && error?.reason == "KEY_REFUSED")
    let closed = await failure { _ = try await service.newKey() }
    #expect(closed?.code == .failedPrecondition)
    _ = try await clinic.admin.serviceAccounts.reactivate(
      ReactivateServiceAccountRequest(serviceAccountID: service.account.serviceAccountID))
    let still = await failure { try await Self.list(service.client) }
    #expect(still?.reason == "KEY_REFUSED")
    try await Self.list(try service.client(try await service.newKey().key))
  }

  @Test("rest while their clinic is suspended")
  func suspension() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    try await Self.list(service.client)
    let platform = try await clinic.server.platform()
    _ = try await platform.companies.suspend(
      SuspendCompanyRequest(companyID: clinic.company.companyID, reason: "unpaid"))
    let error = try await firstFailure { try await Self.list(service.client) }
    #expect(error?.code == .unauthenticated && error?.reason == "KEY_REFUSED")
    _ = try await platform.companies.resume(
      ResumeCompanyRequest(companyID: clinic.company.companyID))
    try await Self.list(service.client)
  }

  @Test("tell when and from where they were last used")
  func lastUse() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    #expect(try await service.seen().lastUsedTime == nil)
    try await Self.list(service.client)
    var key = try await service.seen()
    for _ in 0..<400 where key.lastUsedTime == nil {
      try await Task.sleep(for: .milliseconds(50))
      key = try await service.seen()
    }
    #expect(key.lastUsedAddress == "127.0.0.1")
    let time = try #require(key.lastUsedTime)
    #expect(time.seconds >= (key.createTime?.seconds ?? .max))
    // However many calls follow, a use is noted once a minute: of three batches in this time, only
    // one can fall behind the end of one.
    var times: Set<Int64> = []
    let end = ContinuousClock.now + ApiKeys.interval * 2.4
    while ContinuousClock.now < end {
      try await Self.list(service.client)
      times.insert(try await service.seen().lastUsedTime?.seconds ?? 0)
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect((1...2).contains(times.count), "\(times)")
  }

  @Test("are forgotten a year after their end, and no sooner")
  func forgetting() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: [])
    let (expired, recent) = (try await service.newKey(), try await service.newKey())
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    for (key, column, days) in [
      (Optional(service.key), "revoked_at", 366), (expired.apiKey, "expires_at", 366),
      (recent.apiKey, "revoked_at", 364)
    ] {
      let id = try #require(UUID(uuidString: key?.apiKeyID ?? ""))
      _ = try await clinic.server.inspect(
        """
        update clinic.api_keys set \(identifier: column) = now() - make_interval(days => \(Int32(days))) \
        where company_id = \(company) and id = \(id)
        """)
    }
    try await Self.withDatabase(clinic) { database in
      try await database.transaction(in: company, deadline: .after(.seconds(10))) { transaction in
        _ = try await transaction.pipeline([ApiKeyStatements.forget(company)])
      }
    }
    let left = try await clinic.admin.serviceAccounts.listApiKeys(
      ListApiKeysRequest(serviceAccountID: service.account.serviceAccountID))
    #expect(left.apiKeys.map(\.apiKeyID) == [recent.apiKey?.apiKeyID])
  }

  @Test("that were varied, are another clinic's or nobody's are refused alike")
  func guesses() async throws {
    let clinic = try await TestClinic.make()
    let other = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let secret = try #require(ApiKeySecret(text: service.text))
    let otherCompany = try #require(UUID(uuidString: other.company.companyID))
    var errors: Set<String> = []
    for text in [
      // The right id with another secret, another clinic with the right id, and nothing that is.
      ApiKeySecret(companyID: secret.companyID, keyID: secret.keyID).text,
      ApiKeySecret(companyID: otherCompany, keyID: secret.keyID).text,
      ApiKeySecret(companyID: UUID()).text, service.text + "A", "crk1_"
    ] {
      let client = try service.client(text)
      let error = await failure { try await Self.list(client) }
      #expect(error?.code == .unauthenticated)
      errors.insert("\(error?.message ?? "") \(error?.reason ?? "")")
      await client.close()
    }
    #expect(errors == ["The API key is not accepted KEY_REFUSED"])
  }

  @Test("that are guessed shut their address out, and no key")
  func throttling() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    try await Self.withKeys(clinic) { keys in
      let peer = PeerInfo(address: "203.0.113.\(Int.random(in: 0...255))-\(UUID())")
      let text = service.text
      // A key with any one character of its secret changed is wrong; each try counts.
      var refused = 0
      var last: RPCError?
      for index in text.indices.suffix(30) where last?.code != .resourceExhausted {
        var changed = text
        changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
        last = await failure {
          _ = try await keys.key(for: changed, peer: peer, deadline: .after(.seconds(10)))
        }
        if last?.code == .unauthenticated { refused += 1 }
      }
      #expect(refused == LoginThrottle.Kind.place.freeFailures + 1)
      #expect(last?.code == .resourceExhausted && last?.retryDelay ?? .zero > .zero)
      // The right one is shut out there too, and nowhere else.
      let here = await failure {
        _ = try await keys.key(for: text, peer: peer, deadline: .after(.seconds(10)))
      }
      #expect(here?.code == .resourceExhausted)
      let elsewhere = PeerInfo(address: "198.51.100.1-\(UUID())")
      _ = try await keys.key(for: text, peer: elsewhere, deadline: .after(.seconds(10)))

      // A key that has ended is no guess: its program was not told yet.
      _ = try await clinic.admin.serviceAccounts.revokeApiKey(
        RevokeApiKeyRequest(apiKeyID: service.key.apiKeyID))
      for _ in 0..<30 {
        let error = await failure {
          _ = try await keys.key(for: text, peer: elsewhere, deadline: .after(.seconds(10)))
        }
        #expect(error?.code == .unauthenticated && error?.reason == "KEY_REFUSED")
      }
    }
  }

  @Test("with any one character changed are refused")
  func variation() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    try await Self.withKeys(clinic) { keys in
      let text = service.text
      for index in text.indices {
        var changed = text
        changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
        let error = await failure {
          _ = try await keys.key(
            for: changed, peer: PeerInfo(address: "\(UUID())"), deadline: .after(.seconds(10)))
        }
        #expect(error?.reason == "KEY_REFUSED", "\(changed)")
      }
      let key = try await keys.key(
        for: text, peer: PeerInfo(address: "\(UUID())"), deadline: .after(.seconds(10)))
      #expect(key.permissions == ["patients.read"])
    }
  }

  /// Lends the check of keys over the server's database, for tries from other addresses.
  private static func withKeys(
    _ clinic: TestClinic, _ body: (ApiKeys) async throws -> Void
  ) async throws {
    try await withDatabase(clinic) { database in
      let failures = LoginFailures(database: database, secret: [UInt8](repeating: 7, count: 32))
      try await body(
        ApiKeys(database: database, failures: failures, logger: Logger(label: "keys")))
    }
  }

  private static func withDatabase(
    _ clinic: TestClinic, _ body: (Database) async throws -> Void
  ) async throws {
    let logger = Logger(label: "keys", factory: { _ in SwiftLogNoOpLogHandler() })
    try await DatabaseSetup.withClient(clinic.server.application, logger: logger) { client in
      try await body(Database(client: client, logger: logger))
    }
  }
}
