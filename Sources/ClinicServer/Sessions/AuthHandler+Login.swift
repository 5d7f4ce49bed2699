package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension AuthHandler {
  package func login(_ request: LoginRequest, context: CallContext) async throws -> LoginResponse {
    let account = try await failures.attempt(
      company: request.company.lowercased(), email: EmailFolding.fold(request.email),
      address: context.peer.address, deadline: context.deadline
    ) {
      try await authenticated(request, deadline: context.deadline)
    }
    guard let account else { throw Self.loginFailed }
    return try await open(account, request: request, context: context)
  }

  static let loginFailed = RPCError.unauthenticated(
    "The clinic, the e-mail address or the password is wrong", reason: "LOGIN_FAILED")

  private struct Account: Sendable {
    let companyID: UUID
    let staffID: UUID
    let passwordHash: String
    let isOpen: Bool
  }

  /// The account that the request proves to own; nil for any reason that it does not.
  private func authenticated(
    _ request: LoginRequest, deadline: Deadline
  ) async throws -> Account? {
    guard let account = try await account(for: request, deadline: deadline) else {
      // As much work as for a real account, and the same answer.
      try await passwords.verifyNothing(request.password)
      return nil
    }
    let isRight = try await passwords.verify(request.password, against: account.passwordHash)
    return isRight && account.isOpen ? account : nil
  }

  private func account(
    for request: LoginRequest, deadline: Deadline
  ) async throws -> Account? {
    let companies = try await database.client.pipeline(
      [SessionStatements.companyBySlug(request.company.lowercased())], deadline: deadline.postgres
    )[0]
    guard companies.count == 1, let companyID = try companies[0].decode(0, as: UUID?.self) else {
      return nil
    }
    let companyIsActive = try companies[0].decode(1, as: Int16.self) == 1
    let rows = try await database.read(
      StaffStatements.byEmail(companyID, EmailFolding.fold(request.email)), in: companyID,
      deadline: deadline)
    guard rows.count == 1 else { return nil }
    return Account(
      companyID: companyID, staffID: try rows[0].decode(0), passwordHash: try rows[0].decode(1),
      isOpen: try companyIsActive && rows[0].decode(2, as: Int16.self) == 1)
  }

  private func open(
    _ account: Account, request: LoginRequest, context: CallContext
  ) async throws -> LoginResponse {
    let sessionID = UUIDv7.make()
    let refresh = RefreshToken(companyID: account.companyID, sessionID: sessionID)
    let scope = scope(of: refresh, staffID: account.staffID, context: context)
    let upgradedHash = try await passwords.rehashIfNeeded(
      request.password, hash: account.passwordHash)
    let (staff, company, expires) = try await scope.change { mutation in
      let expires = mutation.now.advanced(by: lifetimes.refreshToken)
      mutation.enqueue(
        SessionStatements.insert(
          mutation.companyID, sessionID, account.staffID, refresh.hash, refresh.familyHash,
          request.clientName, context.peer.address, expires))
      if let upgradedHash {
        mutation.enqueue(
          StaffStatements.upgradeHash(mutation.companyID, account.staffID, upgradedHash))
      }
      mutation.enqueue(SessionStatements.noteLogin(mutation.companyID, account.staffID))
      mutation.log(Change(.loggedIn, .session, [sessionID]))
      let staff = try await mutation.query(
        StaffStatements.get(mutation.companyID, account.staffID))
      let company = try await mutation.query(CompanyStatements.get(mutation.companyID))
      return (
        try Staff(row: staff[0]), try Company(row: company[0]), expires
      )
    }
    return LoginResponse(
      credentials: try await credentials(
        companyID: account.companyID, staffID: account.staffID, refresh: refresh, expires: expires),
      staff: staff, company: company)
  }

  package func refreshSession(
    _ request: RefreshSessionRequest, context: CallContext
  ) async throws -> RefreshSessionResponse {
    guard let token = RefreshToken(text: request.refreshToken) else { throw Self.refreshRefused }
    let next = token.successor()
    // Whose session it is shows in the transaction, which logs nothing.
    let unknown = scope(of: token, staffID: SystemActor.id, context: context)
    let outcome = try await unknown.change { mutation -> RefreshOutcome in
      let rows = try await mutation.query(
        SessionStatements.lock(mutation.companyID, token.sessionID))
      guard rows.count == 1, try rows[0].decode(3, as: Bool.self) else { return .refused }
      let staffID = try rows[0].decode(0, as: UUID.self)
      let generation = try rows[0].decode(1, as: Int32.self)
      guard generation == token.generation,
        token.matches(hash: try rows[0].decode(2))
      else {
        // Somebody has an old token of this session: its owner or a thief. Neither can go on.
        let isReused =
          try token.generation < generation && token.isOfFamily(hash: rows[0].decode(4))
        return isReused ? .reused(staffID: staffID) : .refused
      }
      let expires = mutation.now.advanced(by: lifetimes.refreshToken)
      mutation.enqueue(
        SessionStatements.rotate(
          mutation.companyID, token.sessionID, next.hash, context.peer.address, expires))
      return .refreshed(staffID: staffID, expires: expires)
    }
    switch outcome {
    case .refused:
      throw Self.refreshRefused
    case .reused(let staffID):
      try await scope(of: token, staffID: staffID, context: context).change { mutation in
        _ = try await revoke(staffID: staffID, only: token.sessionID, by: mutation)
      }
      throw Self.refreshRefused
    case .refreshed(let staffID, let expires):
      return RefreshSessionResponse(
        credentials: try await credentials(
          companyID: token.companyID, staffID: staffID, refresh: next, expires: expires))
    }
  }

  /// The clinic as the session itself enters it, so that its changes are logged as its account's.
  private func scope(
    of token: RefreshToken, staffID: UUID, context: CallContext
  ) -> TenantScope {
    let principal = Principal(
      companyID: token.companyID, staffID: staffID, sessionID: token.sessionID, permissions: [],
      isPlatform: token.companyID == Platform.companyID, displayName: "")
    return TenantScope(TenantContext(call: context, principal: principal), in: database)
  }

  private enum RefreshOutcome: Sendable {
    case refused
    case reused(staffID: UUID)
    case refreshed(staffID: UUID, expires: PostgresTimestamp)
  }

  static let refreshRefused = RPCError.unauthenticated(
    "The refresh token is not accepted: log in again", reason: "REFRESH_REFUSED")

  private func credentials(
    companyID: UUID, staffID: UUID, refresh: RefreshToken, expires: PostgresTimestamp
  ) async throws -> Credentials {
    let access = try await tokens.issue(
      companyID: companyID, accountID: staffID, credentialID: refresh.sessionID)
    return Credentials(
      accessToken: access.text, accessTokenExpireTime: Timestamp(access.claims.expires),
      refreshToken: refresh.text, refreshTokenExpireTime: Timestamp(expires),
      sessionID: refresh.sessionID.text)
  }
}
