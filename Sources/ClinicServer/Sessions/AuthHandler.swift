package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.AuthService`.
package struct AuthHandler: AuthService.Handler {
  let database: Database
  let pageTokens: PageTokens
  let passwords: PasswordHasher
  let tokens: AccessTokens
  let failures: LoginFailures
  let keys: ApiKeys
  let lifetimes: SessionLifetimes

  package init(
    database: Database, pageTokens: PageTokens, passwords: PasswordHasher,
    tokens: AccessTokens, failures: LoginFailures, keys: ApiKeys, lifetimes: SessionLifetimes
  ) {
    self.database = database
    self.pageTokens = pageTokens
    self.passwords = passwords
    self.tokens = tokens
    self.failures = failures
    self.keys = keys
    self.lifetimes = lifetimes
  }

  package func getCaller(
    _ request: GetCallerRequest, context: TenantContext
  ) async throws -> GetCallerResponse {
    let scope = TenantScope(context, in: database)
    let principal = context.principal
    var reply = GetCallerResponse(permissions: principal.permissions.sorted())
    switch principal.kind {
    case .staff:
      let rows = try await scope.read([
        CompanyStatements.get(scope.companyID),
        StaffStatements.get(scope.companyID, principal.accountID)
      ])
      guard rows.allSatisfy({ $0.count == 1 }) else { throw SessionDirectory.revoked }
      reply.company = try Company(row: rows[0][0])
      reply.staff = try Staff(row: rows[1][0])
      reply.sessionID = principal.credentialID.text
    case .service:
      let rows = try await scope.read([
        CompanyStatements.get(scope.companyID),
        ServiceAccountStatements.get(scope.companyID, principal.accountID),
        ApiKeyStatements.get(scope.companyID, principal.credentialID)
      ])
      guard rows.allSatisfy({ $0.count == 1 }) else { throw StoredApiKey.refused }
      reply.company = try Company(row: rows[0][0])
      reply.serviceAccount = try ServiceAccount(row: rows[1][0])
      reply.apiKey = try ApiKey(row: rows[2][0])
    }
    return reply
  }

  package func logout(
    _ request: LogoutRequest, context: TenantContext
  ) async throws -> LogoutResponse {
    try await TenantScope(context, in: database).change { mutation in
      _ = try await revoke(
        staffID: context.principal.accountID, only: context.principal.credentialID, by: mutation)
      return LogoutResponse()
    }
  }

  package func changePassword(
    _ request: ChangePasswordRequest, context: TenantContext
  ) async throws -> ChangePasswordResponse {
    let scope = TenantScope(context, in: database)
    let principal = context.principal
    let found = try await scope.read([
      StaffStatements.secrets(scope.companyID, principal.accountID),
      CompanyStatements.get(scope.companyID)
    ])
    guard found[0].count == 1 else { throw SessionDirectory.revoked }
    let account = found[0][0]
    let stored = try account.decode(1, as: String.self)
    let isRight = try await failures.attempt(
      company: scope.companyID.text, email: principal.accountID.text,
      address: context.peer.address, deadline: context.deadline
    ) { try await passwords.verify(request.currentPassword, against: stored) ? true : nil }
    guard isRight != nil else {
      throw RPCError.invalidArgument(
        field: "current_password", reason: "WRONG_PASSWORD", description: "must be the password")
    }
    try Password.check(
      request.newPassword, field: "new_password", email: account.decode(0),
      names: [account.decode(2)] + Password.names(ofClinic: found[1]))
    let hash = try await passwords.hash(request.newPassword)
    return try await scope.change { mutation in
      mutation.enqueue(
        StaffStatements.setPassword(mutation.companyID, principal.accountID, hash, false))
      _ = try await revoke(
        staffID: principal.accountID, except: principal.credentialID, by: mutation)
      mutation.announce(
        PrincipalChange(companyID: mutation.companyID, accountID: principal.accountID))
      mutation.log(Change(.passwordChanged, .staff, [principal.accountID]))
      return ChangePasswordResponse()
    }
  }

  /// Ends open sessions of an account: one, or all, or all but one. Tells how many.
  func revoke(
    staffID: UUID, only: UUID? = nil, except: UUID? = nil, by mutation: Mutation
  ) async throws -> Int {
    let rows = try await mutation.query(
      SessionStatements.revoke(mutation.companyID, staffID, only, except))
    let ended = try (0..<rows.count).map { try rows[$0].decode(0, as: UUID.self) }
    for sessionID in ended {
      mutation.announce(
        PrincipalChange(companyID: mutation.companyID, accountID: staffID, credentialID: sessionID))
    }
    mutation.log(Change(.revoked, .session, ended))
    return ended.count
  }
}

/// How long credentials live.
package struct SessionLifetimes: Sendable {
  /// An access token. 1 to 60 minutes; 10.
  package var accessToken = Duration.seconds(600)

  /// A refresh token, and with it a session that is not used. 14 days.
  package var refreshToken = Duration.seconds(14 * 86_400)

  package init() {}
}
