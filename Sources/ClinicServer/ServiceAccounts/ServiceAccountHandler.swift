package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.ServiceAccountService`.
package struct ServiceAccountHandler: ServiceAccountService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such service account", reason: "SERVICE_ACCOUNT_NOT_FOUND",
    field: "service_account_id")

  package func getServiceAccount(
    _ request: GetServiceAccountRequest, context: TenantContext
  ) async throws -> GetServiceAccountResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.serviceAccountID, field: "service_account_id")
    let rows = try await scope.read(ServiceAccountStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    return GetServiceAccountResponse(serviceAccount: try ServiceAccount(row: rows[0]))
  }

  package func listServiceAccounts(
    _ request: ListServiceAccountsRequest, context: TenantContext
  ) async throws -> ListServiceAccountsResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let state = Int16(truncatingIfNeeded: request.state.rawValue)
    let paging = Paging(pageTokens, scope, filter: [UInt8(truncatingIfNeeded: state)])
    let after = try paging.cursor(of: request.pageToken)?.text(0) ?? ""
    let rows = try await scope.read(
      ServiceAccountStatements.list(scope.companyID, after, state, Int64(size + 1)))
    let (accounts, next) = try paging.page(rows, size: size) {
      try ServiceAccount(row: $0)
    } cursor: { last, _ in
      PageCursor([.text(NameFolding.folded(last.name))])
    }
    return ListServiceAccountsResponse(serviceAccounts: accounts, nextPageToken: next)
  }

  package func createServiceAccount(
    _ request: CreateServiceAccountRequest, context: TenantContext
  ) async throws -> CreateServiceAccountResponse {
    var new = request.serviceAccount ?? ServiceAccount()
    try new.settle(by: context.principal)
    let settled = new
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let id = UUIDv7.make()
      var account = settled
      account.serviceAccountID = id.text
      account.state = .active
      account.createTime = Timestamp(mutation.now)
      account.updateTime = Timestamp(mutation.now)
      account.etag = Etag.text(version: 1)
      mutation.enqueue(
        ServiceAccountStatements.insert(
          mutation.companyID, id, account.name, NameFolding.folded(account.name),
          account.description_p, account.permissions, account.certificateThumbprints))
      mutation.log(Change(.created, .serviceAccount, [id]))
      return CreateServiceAccountResponse(serviceAccount: account)
    }
  }

  package func updateServiceAccount(
    _ request: UpdateServiceAccountRequest, context: TenantContext
  ) async throws -> UpdateServiceAccountResponse {
    let id = try UUID(contract: request.serviceAccountID, field: "service_account_id")
    let update = request.serviceAccount ?? ServiceAccount()
    let paths = try UpdateMask.serviceAccount.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var account = try await lock(id, etag: update.etag, by: mutation)
      // What the account can do already must be the caller's too: to loosen the binding of an
      // account is to give it away.
      try RoleGrants.check(permissions: account.permissions, of: context.principal)
      try account.merge(update, paths: paths)
      try account.checkRules(path: "service_account")
      try account.settle(by: context.principal)
      mutation.enqueue(
        ServiceAccountStatements.update(
          mutation.companyID, id, account.name, NameFolding.folded(account.name),
          account.description_p, account.permissions, account.certificateThumbprints))
      mutation.announce(PrincipalChange(companyID: mutation.companyID, accountID: id))
      mutation.log(Change(.updated, .serviceAccount, [id], fields: paths))
      account.touch(at: mutation.now)
      return UpdateServiceAccountResponse(serviceAccount: account)
    }
  }

  package func deactivateServiceAccount(
    _ request: DeactivateServiceAccountRequest, context: TenantContext
  ) async throws -> DeactivateServiceAccountResponse {
    let id = try UUID(contract: request.serviceAccountID, field: "service_account_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let account = try await setState(.deactivated, of: id, etag: request.etag, by: mutation)
      let rows = try await mutation.query(ApiKeyStatements.revokeAll(mutation.companyID, id))
      mutation.announce(PrincipalChange(companyID: mutation.companyID, accountID: id))
      mutation.log(Change(.deactivated, .serviceAccount, [id]))
      mutation.log(Change(.revoked, .apiKey, try (0..<rows.count).map { try rows[$0].decode(0) }))
      try await CalendarFeedEnding.revokeAll(of: id, by: mutation)
      return DeactivateServiceAccountResponse(serviceAccount: account)
    }
  }

  package func reactivateServiceAccount(
    _ request: ReactivateServiceAccountRequest, context: TenantContext
  ) async throws -> ReactivateServiceAccountResponse {
    let id = try UUID(contract: request.serviceAccountID, field: "service_account_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let account = try await setState(.active, of: id, etag: request.etag, by: mutation)
      mutation.log(Change(.reactivated, .serviceAccount, [id]))
      return ReactivateServiceAccountResponse(serviceAccount: account)
    }
  }

  private func setState(
    _ state: ServiceAccountState, of id: UUID, etag: String, by mutation: Mutation
  ) async throws -> ServiceAccount {
    var account = try await lock(id, etag: etag, by: mutation)
    // As with staff: opening an account gives its permissions back, and closing takes them away.
    try RoleGrants.check(permissions: account.permissions, of: mutation.context.principal)
    guard account.state != state else {
      throw RPCError.failedPrecondition(
        state == .active ? "The account is open" : "The account is closed already",
        type: "STATE", subject: "service_account.state")
    }
    mutation.enqueue(
      ServiceAccountStatements.setState(
        mutation.companyID, id, Int16(truncatingIfNeeded: state.rawValue)))
    account.state = state
    account.touch(at: mutation.now)
    return account
  }

  /// Locks an account until the end of the transaction and checks the caller's version.
  func lock(
    _ id: UUID, etag: String = "", by mutation: Mutation
  ) async throws -> ServiceAccount {
    let rows = try await mutation.query(ServiceAccountStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let account = try ServiceAccount(row: rows[0])
    try Etag.check(etag, against: account.etag)
    return account
  }
}

extension ServiceAccount {
  /// Checks what the contract's rules do not say, and brings the lists into their one form.
  fileprivate mutating func settle(by principal: Principal) throws {
    permissions = try ServiceGrants.settled(
      permissions, path: "service_account.permissions", by: principal)
    for (index, text) in certificateThumbprints.enumerated()
    where !CertificateThumbprint.isValid(text) {
      throw RPCError.invalidArgument(
        field: "service_account.certificate_thumbprints[\(index)]", reason: "NOT_A_THUMBPRINT",
        description: "must be the SHA-256 of a certificate in base64url without padding")
    }
    certificateThumbprints = Set(certificateThumbprints).sorted()
  }
}

/// What may be given to a service account or to one of its keys.
enum ServiceGrants {
  /// The permissions in order, each once: open to service accounts, and the caller's own.
  static func settled(
    _ names: [String], path: String, by principal: Principal
  ) throws -> [String] {
    for (index, name) in names.enumerated() where !BuiltInRole.service.contains(name) {
      throw RPCError.invalidArgument(
        field: "\(path)[\(index)]", reason: "NO_SUCH_PERMISSION",
        description: "must be a permission that ListPermissions gives for service accounts")
    }
    try RoleGrants.check(permissions: names, of: principal)
    return Set(names).sorted()
  }
}
