internal import ClinicContracts
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// A clinic to create, with its built-in roles and an empty change log.
struct NewCompany: Sendable {
  let slug: String
  let name: String
  let settings: CompanySettings

  /// Puts off the inserts of everything that a new company has, and tells its roles' ids.
  func insert(by mutation: Mutation) throws -> [BuiltInRole: UUID] {
    let companyID = mutation.companyID
    mutation.enqueue(
      CompanyStatements.insert(
        companyID, slug, name, settings.timeZone, settings.currencyCode, settings.locale,
        settings.countryCode, try settings.openingHoursJSON(),
        try settings.schedulingJSON()))
    mutation.enqueue(CompanyStatements.insertHead(companyID))
    mutation.log(Change(.created, .company, [companyID]))
    var roles: [BuiltInRole: UUID] = [:]
    for role in BuiltInRole.allCases {
      let roleID = UUIDv7.make()
      let none: [String] = []
      mutation.enqueue(
        RoleStatements.insert(
          companyID, roleID, role.name, NameFolding.folded(role.name), role.description, none,
          role.rawValue))
      roles[role] = roleID
    }
    return roles
  }
}

/// An administrator to make in the entered company.
struct Administrator: Sendable {
  let email: String
  let displayName: String
  let passwordHash: String
  let mustChangePassword: Bool

  /// Puts off the inserts, and tells the new account's id.
  func insert(roleID: UUID?, by mutation: Mutation) -> UUID {
    let staffID = UUIDv7.make()
    mutation.enqueue(
      StaffStatements.insert(
        mutation.companyID, staffID, email, EmailFolding.fold(email), displayName, "", "",
        passwordHash, mustChangePassword))
    if let roleID {
      mutation.enqueue(StaffStatements.addRoles(mutation.companyID, staffID, [roleID]))
    }
    mutation.log(Change(.created, .staff, [staffID]))
    return staffID
  }

  /// Puts off the inserts, with the company's built-in role Admin.
  func insert(by mutation: Mutation) async throws -> UUID {
    let rows = try await mutation.query(
      RoleStatements.builtIn(mutation.companyID, BuiltInRole.admin.rawValue))
    return insert(roleID: try rows.count > 0 ? rows[0].decode(0) : nil, by: mutation)
  }
}
