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
  let lifetimes: SessionLifetimes

  package init(
    database: Database, pageTokens: PageTokens, passwords: PasswordHasher,
    tokens: AccessTokens, failures: LoginFailures, lifetimes: SessionLifetimes
  ) {
    self.database = database
    self.pageTokens = pageTokens
    self.passwords = passwords
    self.tokens = tokens
    self.failures = failures
    self.lifetimes = lifetimes
  }

  package func getCaller(
    _ request: GetCallerRequest, context: TenantContext
  ) async throws -> GetCallerResponse {
    let scope = TenantScope(context, in: database)
    let staff = try await scope.read(
      StaffStatements.get(scope.companyID, context.principal.staffID))
    let company = try await scope.read(CompanyStatements.get(scope.companyID))
    guard staff.count == 1, company.count == 1 else { throw SessionDirectory.revoked }
    return GetCallerResponse(
      staff: try Staff(row: staff[0]), company: try Company(row: company[0]),
      permissions: context.principal.permissions.sorted(),
      sessionID: context.principal.sessionID.text)
  }

  package func logout(
    _ request: LogoutRequest, context: TenantContext
  ) async throws -> LogoutResponse {
    try await TenantScope(context, in: database).change { mutation in
      _ = try await revoke(
        staffID: context.principal.staffID, only: context.principal.sessionID, by: mutation)
      return LogoutResponse()
    }
  }

  package func changePassword(
    _ request: ChangePasswordRequest, context: TenantContext
  ) async throws -> ChangePasswordResponse {
    let scope = TenantScope(context, in: database)
    let principal = context.principal
    let rows = try await scope.read(StaffStatements.secrets(scope.companyID, principal.staffID))
    guard rows.count == 1 else { throw SessionDirectory.revoked }
    let stored = try rows[0].decode(1, as: String.self)
    let isRight = try await failures.attempt(
      account: "\(scope.companyID.text) \(principal.staffID.text)",
      address: context.peer.address, deadline: context.deadline
    ) { try await passwords.verify(request.currentPassword, against: stored) ? true : nil }
    guard isRight != nil else {
      throw RPCError.invalidArgument(
        field: "current_password", reason: "WRONG_PASSWORD", description: "must be the password")
    }
    try Password.check(
      request.newPassword, email: rows[0].decode(0), field: "new_password")
    let hash = try await passwords.hash(request.newPassword)
    return try await scope.change { mutation in
      mutation.enqueue(
        StaffStatements.setPassword(mutation.companyID, principal.staffID, hash, false))
      _ = try await revoke(
        staffID: principal.staffID, except: principal.sessionID, by: mutation)
      mutation.announce(PrincipalChange(companyID: mutation.companyID, staffID: principal.staffID))
      mutation.log(Change(.passwordChanged, "staff", [principal.staffID]))
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
        PrincipalChange(companyID: mutation.companyID, staffID: staffID, sessionID: sessionID))
    }
    mutation.log(Change(.revoked, "session", ended))
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
