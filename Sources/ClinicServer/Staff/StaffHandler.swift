package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.StaffService`.
package struct StaffHandler: StaffService.Handler {
  let database: Database
  let pageTokens: PageTokens
  let passwords: PasswordHasher

  package init(database: Database, pageTokens: PageTokens, passwords: PasswordHasher) {
    self.database = database
    self.pageTokens = pageTokens
    self.passwords = passwords
  }

  static let notFound = RPCError.notFound(
    "There is no such account", reason: "STAFF_NOT_FOUND", field: "staff_id")

  package func getStaff(
    _ request: GetStaffRequest, context: TenantContext
  ) async throws -> GetStaffResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.staffID, field: "staff_id")
    let rows = try await scope.read(StaffStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    return GetStaffResponse(staff: try Staff(row: rows[0]))
  }

  package func listStaff(
    _ request: ListStaffRequest, context: TenantContext
  ) async throws -> ListStaffResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let paging = Paging(
      pageTokens, scope, filter: [UInt8(truncatingIfNeeded: request.state.rawValue)])
    let after = try paging.cursor(of: request.pageToken)?.text(0) ?? ""
    let rows = try await scope.read(
      StaffStatements.list(
        scope.companyID, after, Int16(truncatingIfNeeded: request.state.rawValue), Int64(size + 1)))
    let (staff, next) = try paging.page(rows, size: size) {
      try Staff(row: $0)
    } cursor: { last, _ in
      PageCursor([.text(EmailFolding.fold(last.email))])
    }
    return ListStaffResponse(staff: staff, nextPageToken: next)
  }

  package func createStaff(
    _ request: CreateStaffRequest, context: TenantContext
  ) async throws -> CreateStaffResponse {
    let scope = TenantScope(context, in: database)
    let staff = request.staff ?? Staff()
    let clinic = try await scope.read(CompanyStatements.get(scope.companyID))
    let password = try Password.chosen(
      request.password, field: "password", email: staff.email,
      names: [staff.displayName] + Password.names(ofClinic: clinic))
    let hash = try await passwords.hash(password.text)
    let roleIDs = try staff.roleUUIDs(path: "staff.role_ids")
    return try await scope.change(request) { mutation in
      try await RoleGrants.check(roleIDs, by: mutation)
      var created = staff
      created.staffID = UUIDv7.make().text
      created.state = .active
      created.mustChangePassword = true
      created.lastLoginTime = nil
      created.createTime = Timestamp(mutation.now)
      created.updateTime = Timestamp(mutation.now)
      created.etag = Etag.text(version: 1)
      let id = try UUID(contract: created.staffID, field: "staff_id")
      mutation.enqueue(
        StaffStatements.insert(
          mutation.companyID, id, created.email, EmailFolding.fold(created.email),
          created.displayName, created.jobTitle, created.phone, hash, true))
      mutation.enqueue(StaffStatements.addRoles(mutation.companyID, id, roleIDs))
      mutation.log(Change(.created, .staff, [id]))
      return CreateStaffResponse(staff: created, initialPassword: password.toShow)
    }
  }

  package func resetStaffPassword(
    _ request: ResetStaffPasswordRequest, context: TenantContext
  ) async throws -> ResetStaffPasswordResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.staffID, field: "staff_id")
    let rows = try await scope.read([
      StaffStatements.get(scope.companyID, id), CompanyStatements.get(scope.companyID)
    ])
    guard rows[0].count == 1 else { throw Self.notFound }
    let person = try Staff(row: rows[0][0])
    let password = try Password.chosen(
      request.password, field: "password", email: person.email,
      names: [person.displayName] + Password.names(ofClinic: rows[1]))
    let hash = try await passwords.hash(password.text)
    return try await scope.change(request) { mutation in
      var staff = try await lock(id, etag: "", by: mutation)
      // Whoever sets a password can log in with it, so it takes what giving the roles takes.
      try await RoleGrants.check(try staff.roleUUIDs(path: "staff.role_ids"), by: mutation)
      mutation.enqueue(StaffStatements.setPassword(mutation.companyID, id, hash, true))
      try await SessionEnding.endAll(of: id, by: mutation)
      mutation.log(Change(.passwordReset, .staff, [id]))
      staff.mustChangePassword = true
      staff.touch(at: mutation.now)
      return ResetStaffPasswordResponse(staff: staff, initialPassword: password.toShow)
    }
  }

  /// Locks an account until the end of the transaction and checks the caller's version.
  func lock(
    _ id: UUID, etag: String, by mutation: Mutation
  ) async throws -> Staff {
    let rows = try await mutation.query(StaffStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let staff = try Staff(row: rows[0])
    try Etag.check(etag, against: staff.etag)
    return staff
  }
}

extension Staff {
  /// The ids of the roles, each once.
  func roleUUIDs(path: String) throws -> [UUID] {
    var seen = Set<UUID>()
    return try roleIds.enumerated()
      .map { try UUID(contract: $1, field: "\(path)[\($0)]") }
      .filter { seen.insert($0).inserted }
  }
}

/// A new password: the caller's, or one that the server makes up and shows once.
struct Password: Sendable {
  let text: String
  let toShow: String

  static func chosen(
    _ password: String, field: String, email: String, names: [String]
  ) throws -> Password {
    if password.isEmpty {
      let generated = GeneratedPassword.make()
      return Password(text: generated, toShow: generated)
    }
    try check(password, field: field, email: email, names: names)
    return Password(text: password, toShow: "")
  }

  /// The names of a clinic by the rows of `CompanyStatements.get`.
  static func names(ofClinic rows: PostgresRows) throws -> [String] {
    guard rows.count == 1 else { return [] }
    let company = try Company(row: rows[0])
    return [company.name, company.slug]
  }

  /// Refuses a password that the policy does not take.
  ///
  /// - Parameter names: the person's and the clinic's, as `PasswordPolicy.violation` takes them.
  static func check(
    _ password: String, field: String, email: String, names: [String]
  ) throws {
    if let violation = PasswordPolicy.violation(of: password, email: email, names: names) {
      throw RPCError.invalidArgument(
        field: field, reason: violation.rawValue, description: violation.description)
    }
  }
}
