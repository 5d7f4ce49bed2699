package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.RoleService`.
package struct RoleHandler: RoleService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such role", reason: "ROLE_NOT_FOUND", field: "role_id")

  package func listPermissions(
    _ request: ListPermissionsRequest, context: TenantContext
  ) async throws -> ListPermissionsResponse {
    let names =
      context.principal.isPlatform
      ? BuiltInRole.admin.permissions(isPlatform: true) : BuiltInRole.all
    let methods = ClinicContracts.services.flatMap(\.methods)
    return ListPermissionsResponse(
      permissions: names.sorted().map { name in
        Permission(
          name: name,
          methods: methods.filter { $0.policy.permissions.contains(name) }.map(\.path),
          serviceAccounts: BuiltInRole.service.contains(name))
      })
  }

  package func listRoles(
    _ request: ListRolesRequest, context: TenantContext
  ) async throws -> ListRolesResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope)
    let after = try paging.cursor(of: request.pageToken)?.text(0) ?? ""
    let rows = try await scope.read(
      RoleStatements.list(scope.companyID, after, Int64(size + 1)))
    let (roles, next) = try paging.page(rows, size: size) {
      try Role(row: $0, isPlatform: context.principal.isPlatform)
    } cursor: { last, _ in
      PageCursor([.text(NameFolding.folded(last.name))])
    }
    return ListRolesResponse(roles: roles, nextPageToken: next)
  }

  package func getRole(
    _ request: GetRoleRequest, context: TenantContext
  ) async throws -> GetRoleResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.roleID, field: "role_id")
    let rows = try await scope.read(RoleStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    return GetRoleResponse(
      role: try Role(row: rows[0], isPlatform: context.principal.isPlatform))
  }

  package func createRole(
    _ request: CreateRoleRequest, context: TenantContext
  ) async throws -> CreateRoleResponse {
    var role = request.role ?? Role()
    role.permissions = try permissions(role.permissions, of: context.principal)
    let new = role
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var role = new
      let id = UUIDv7.make()
      role.roleID = id.text
      role.builtIn = false
      role.createTime = Timestamp(mutation.now)
      role.updateTime = Timestamp(mutation.now)
      role.etag = Etag.text(version: 1)
      mutation.enqueue(
        RoleStatements.insert(
          mutation.companyID, id, role.name, NameFolding.folded(role.name), role.description_p,
          role.permissions, Int16(0)))
      mutation.log(Change(.created, .role, [id]))
      return CreateRoleResponse(role: role)
    }
  }

  package func updateRole(
    _ request: UpdateRoleRequest, context: TenantContext
  ) async throws -> UpdateRoleResponse {
    let id = try UUID(contract: request.roleID, field: "role_id")
    let update = request.role ?? Role()
    let paths = try UpdateMask.role.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let stored = try await lock(id, etag: update.etag, by: mutation)
      // What others have by this role is taken from them as much as given.
      try RoleGrants.check(permissions: stored.permissions, of: context.principal)
      var role = stored
      try role.merge(update, paths: paths)
      try role.checkRules(path: "role")
      role.permissions = try permissions(role.permissions, of: context.principal)
      mutation.enqueue(
        RoleStatements.update(
          mutation.companyID, id, role.name, NameFolding.folded(role.name), role.description_p,
          role.permissions))
      mutation.announce(PrincipalChange(companyID: mutation.companyID))
      mutation.log(Change(.updated, .role, [id], fields: paths))
      role.etag = Etag.next(after: role.etag)
      role.updateTime = Timestamp(mutation.now)
      return UpdateRoleResponse(role: role)
    }
  }

  package func deleteRole(
    _ request: DeleteRoleRequest, context: TenantContext
  ) async throws -> DeleteRoleResponse {
    let id = try UUID(contract: request.roleID, field: "role_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let stored = try await lock(id, etag: request.etag, by: mutation)
      try RoleGrants.check(permissions: stored.permissions, of: context.principal)
      mutation.enqueue(RoleStatements.delete(mutation.companyID, id))
      mutation.log(Change(.deleted, .role, [id]))
      return DeleteRoleResponse()
    }
  }

  /// Locks a role of the clinic's own and checks the caller's version.
  private func lock(_ id: UUID, etag: String, by mutation: Mutation) async throws -> Role {
    let rows = try await mutation.query(RoleStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let role = try Role(row: rows[0], isPlatform: mutation.context.principal.isPlatform)
    guard !role.builtIn else {
      throw RPCError.failedPrecondition(
        "A built-in role cannot be changed: make one of your own", type: "BUILT_IN",
        subject: "role")
    }
    try Etag.check(etag, against: role.etag)
    return role
  }

  /// The permissions in order, each once: known to the contract, and the caller's own.
  private func permissions(_ names: [String], of principal: Principal) throws -> [String] {
    let known = BuiltInRole.admin.permissions(isPlatform: principal.isPlatform)
    for (index, name) in names.enumerated() where !known.contains(name) {
      throw RPCError.invalidArgument(
        field: "role.permissions[\(index)]", reason: "NO_SUCH_PERMISSION",
        description: "must be one of the permissions that ListPermissions gives")
    }
    try RoleGrants.check(permissions: names, of: principal)
    return Set(names).sorted()
  }
}
