package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension ServiceAccountHandler {
  /// The most keys of an account that work at a time.
  static let mostKeys: Int64 = 10

  static let noKey = RPCError.notFound(
    "There is no such API key", reason: "API_KEY_NOT_FOUND", field: "api_key_id")

  package func createApiKey(
    _ request: CreateApiKeyRequest, context: TenantContext
  ) async throws -> CreateApiKeyResponse {
    let accountID = try UUID(contract: request.serviceAccountID, field: "service_account_id")
    let wanted = request.apiKey ?? ApiKey()
    let permissions = try ServiceGrants.settled(
      wanted.permissions, path: "api_key.permissions", by: context.principal)
    let secret = ApiKeySecret(companyID: context.companyID)
    var reply = try await TenantScope(context, in: database).mutate(request) { mutation in
      let account = try await open(accountID, by: mutation)
      try wanted.requireNarrower(than: account, path: "api_key")
      let key = try await insert(
        ApiKey(
          name: wanted.name, permissions: permissions, expireTime: wanted.expireTime,
          limits: wanted.limits),
        of: account, secret, lifetime: ApiKey.usualLifetime, field: "api_key.expire_time",
        by: mutation)
      mutation.log(Change(.created, .apiKey, [secret.keyID]))
      return CreateApiKeyResponse(apiKey: key)
    }
    reply.key = shown(secret, for: reply.apiKey, validateOnly: request.validateOnly)
    return reply
  }

  package func updateApiKey(
    _ request: UpdateApiKeyRequest, context: TenantContext
  ) async throws -> UpdateApiKeyResponse {
    let id = try UUID(contract: request.apiKeyID, field: "api_key_id")
    let update = request.apiKey ?? ApiKey()
    let paths = try UpdateMask.apiKey.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let (found, account) = try await lock(key: id, by: mutation)
      var key = found
      try Etag.check(update.etag, against: key.etag)
      try key.requireWorking()
      try key.merge(update, paths: paths)
      try key.checkRules(path: "api_key")
      if key.limits == UsageLimits() { key.limits = nil }
      mutation.enqueue(
        ApiKeyStatements.update(
          mutation.companyID, id, key.name, try UsageLimits.stored(key.limits)))
      // Whoever remembers the key has looked its limits up.
      try announce(id, of: account, by: mutation)
      mutation.log(Change(.updated, .apiKey, [id], fields: paths))
      key.touch(at: mutation.now)
      return UpdateApiKeyResponse(apiKey: key)
    }
  }

  package func rotateApiKey(
    _ request: RotateApiKeyRequest, context: TenantContext
  ) async throws -> RotateApiKeyResponse {
    let id = try UUID(contract: request.apiKeyID, field: "api_key_id")
    let overlap = Duration.seconds(Int64(request.overlapMinutes ?? 1_440) * 60)
    let secret = ApiKeySecret(companyID: context.companyID)
    var reply = try await TenantScope(context, in: database).mutate(request) { mutation in
      let (found, account) = try await lock(key: id, by: mutation)
      var old = found
      try old.requireWorking()
      guard old.replacedByApiKeyID.isEmpty else {
        throw RPCError.failedPrecondition(
          "The key was replaced already: replace the one that took its place", type: "REPLACED",
          subject: "api_key.replaced_by_api_key_id")
      }
      let end = PostgresTimestamp(old.expireTime ?? Timestamp())
      let begin = PostgresTimestamp(old.createTime ?? Timestamp())
      let key = try await insert(
        ApiKey(
          name: old.name, permissions: old.permissions, expireTime: request.expireTime,
          limits: old.limits),
        of: account, secret, lifetime: end.duration(since: begin), field: "expire_time",
        by: mutation)
      let newEnd = min(end, mutation.now.advanced(by: overlap))
      mutation.enqueue(
        ApiKeyStatements.replace(mutation.companyID, id, secret.keyID, newEnd))
      // Whoever remembers the old key remembers its old end.
      try announce(id, of: account, by: mutation)
      mutation.log(Change(.rotated, .apiKey, [id]))
      mutation.log(Change(.created, .apiKey, [secret.keyID]))
      old.expireTime = Timestamp(newEnd)
      old.replacedByApiKeyID = secret.keyID.text
      if newEnd <= mutation.now { old.state = .expired }
      old.touch(at: mutation.now)
      return RotateApiKeyResponse(apiKey: key, replaced: old)
    }
    reply.key = shown(secret, for: reply.apiKey, validateOnly: request.validateOnly)
    return reply
  }

  package func revokeApiKey(
    _ request: RevokeApiKeyRequest, context: TenantContext
  ) async throws -> RevokeApiKeyResponse {
    let id = try UUID(contract: request.apiKeyID, field: "api_key_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let (found, account) = try await lock(key: id, by: mutation)
      var key = found
      guard key.state != .revoked else {
        throw RPCError.failedPrecondition(
          "The key is revoked already", type: "STATE", subject: "api_key.state")
      }
      mutation.enqueue(ApiKeyStatements.revoke(mutation.companyID, id))
      try announce(id, of: account, by: mutation)
      mutation.log(Change(.revoked, .apiKey, [id], reason: request.reason))
      key.state = .revoked
      key.revokeTime = Timestamp(mutation.now)
      key.touch(at: mutation.now)
      return RevokeApiKeyResponse(apiKey: key)
    }
  }

  package func listApiKeys(
    _ request: ListApiKeysRequest, context: TenantContext
  ) async throws -> ListApiKeysResponse {
    let scope = TenantScope(context, in: database)
    let accountID = try UUID(contract: request.serviceAccountID, field: "service_account_id")
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: Array(accountID.text.utf8))
    let before = try paging.cursor(of: request.pageToken)?.uuid(0) ?? .greatest
    let results = try await scope.read([
      ServiceAccountStatements.get(scope.companyID, accountID),
      ApiKeyStatements.list(scope.companyID, accountID, before, Int64(size + 1))
    ])
    guard results[0].count == 1 else { throw Self.notFound }
    let (keys, next) = try paging.page(results[1], size: size) {
      try ApiKey(row: $0)
    } cursor: { _, row in
      PageCursor([.uuid(try row.decode(0))])
    }
    return ListApiKeysResponse(apiKeys: keys, nextPageToken: next)
  }

  // MARK: Parts

  /// The text of a key for the reply that made it; none for a reply that is replayed, whose key is
  /// another than the one of this call, and for a trial.
  private func shown(_ secret: ApiKeySecret, for key: ApiKey?, validateOnly: Bool) -> String {
    key?.apiKeyID == secret.keyID.text && !validateOnly ? secret.text : ""
  }

  /// Locks an account, under whose lock its keys are changed, and refuses a closed one.
  private func open(_ id: UUID, by mutation: Mutation) async throws -> ServiceAccount {
    let account = try await lock(id, by: mutation)
    guard account.state == .active else {
      throw RPCError.failedPrecondition(
        "The account is closed", type: "STATE", subject: "service_account.state")
    }
    return account
  }

  /// Locks the account of a key, and returns both as they are then.
  private func lock(
    key id: UUID, by mutation: Mutation
  ) async throws -> (ApiKey, ServiceAccount) {
    let found = try await mutation.query(ApiKeyStatements.get(mutation.companyID, id))
    guard found.count == 1 else { throw Self.noKey }
    let account = try await lock(found[0].decode(1), by: mutation)
    let rows = try await mutation.query(ApiKeyStatements.get(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.noKey }
    return (try ApiKey(row: rows[0]), account)
  }

  /// Tells every server that a key changed.
  private func announce(_ id: UUID, of account: ServiceAccount, by mutation: Mutation) throws {
    mutation.announce(
      PrincipalChange(
        companyID: mutation.companyID,
        accountID: try UUID(contract: account.serviceAccountID, field: "service_account_id"),
        credentialID: id))
  }

  /// Puts off the insert of a key, and returns what is known of it.
  private func insert(
    _ wanted: ApiKey, of account: ServiceAccount, _ secret: ApiKeySecret, lifetime: Duration,
    field: String, by mutation: Mutation
  ) async throws -> ApiKey {
    let principal = mutation.context.principal
    let accountID = try UUID(contract: account.serviceAccountID, field: "service_account_id")
    var key = wanted
    // Whoever sees a key can use it, so it takes what the key can do.
    try RoleGrants.check(
      permissions: key.permissions.isEmpty ? account.permissions : key.permissions, of: principal)
    let working = try await mutation.query(ApiKeyStatements.count(mutation.companyID, accountID))
    guard try working[0].decode(0, as: Int64.self) < Self.mostKeys else {
      throw RPCError.failedPrecondition(
        "The account has \(Self.mostKeys) keys that work: revoke one first", type: "TOO_MANY_KEYS",
        subject: "service_account")
    }
    let end = try key.end(lifetime: lifetime, field: field, at: mutation.now)
    key.apiKeyID = secret.keyID.text
    key.serviceAccountID = account.serviceAccountID
    key.hint = secret.hint
    key.state = .active
    key.createTime = Timestamp(mutation.now)
    key.updateTime = key.createTime
    key.expireTime = Timestamp(end)
    key.etag = Etag.text(version: 1)
    if key.limits == UsageLimits() { key.limits = nil }
    mutation.enqueue(
      ApiKeyStatements.insert(
        mutation.companyID, secret.keyID, accountID, key.name, key.permissions, secret.hash,
        secret.hint, end, try UsageLimits.stored(key.limits)))
    return key
  }
}

extension ApiKey {
  /// How long a key lives where nobody says, and at most.
  static let usualLifetime = Duration.seconds(90 * 86_400)
  static let longestLifetime = Duration.seconds(400 * 86_400)

  /// Throws where the key has ended.
  fileprivate func requireWorking() throws {
    guard state == .active else {
      throw RPCError.failedPrecondition(
        "The key no longer works: make another", type: "STATE", subject: "api_key.state")
    }
  }

  /// A key may do what its account may do, or less.
  fileprivate func requireNarrower(than account: ServiceAccount, path: String) throws {
    for (index, name) in permissions.enumerated() where !account.permissions.contains(name) {
      throw RPCError.invalidArgument(
        field: "\(path).permissions[\(index)]", reason: "NOT_THE_ACCOUNTS",
        description: "must be one of the account's permissions")
    }
  }

  /// When the key ends: as it says, or after a time.
  fileprivate func end(
    lifetime: Duration, field: String, at now: PostgresTimestamp
  ) throws -> PostgresTimestamp {
    guard let expireTime else { return now.advanced(by: lifetime) }
    let end = PostgresTimestamp(expireTime)
    guard end > now, end <= now.advanced(by: Self.longestLifetime) else {
      throw RPCError.invalidArgument(
        field: field, reason: "EXPIRE_TIME",
        description: "must lie ahead, and at most 400 days")
    }
    return end
  }
}

extension UUID {
  /// The greatest one: every other comes before it.
  static let greatest = UUID(
    uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
}
