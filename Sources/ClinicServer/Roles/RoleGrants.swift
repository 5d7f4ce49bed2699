internal import ClinicContracts
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// Nobody gives away what they do not have, nor takes it from others.
enum RoleGrants {
  /// Checks that the roles exist and that the caller has every permission in them, and keeps the
  /// roles as they are until the end of the transaction.
  static func check(_ roleIDs: [UUID], by mutation: Mutation) async throws {
    guard !roleIDs.isEmpty else { return }
    let principal = mutation.context.principal
    let rows = try await mutation.query(RoleStatements.share(mutation.companyID, roleIDs))
    let isPlatform = mutation.companyID == Platform.companyID
    let roles = try (0..<rows.count).map { try Role(row: rows[$0], isPlatform: isPlatform) }
    let known = Set(roles.map(\.roleID))
    for (index, id) in roleIDs.enumerated() where !known.contains(id.text) {
      throw RoleHandler.notFound.about("staff.role_ids[\(index)]")
    }
    // The platform sets up clinics whose permissions its own staff do not need to have.
    if mutation.companyID == principal.companyID {
      try check(permissions: roles.flatMap(\.permissions), of: principal)
    }
  }

  /// Checks that the caller has all of these permissions.
  static func check(permissions: [String], of principal: Principal) throws {
    let missing = Set(permissions).subtracting(principal.permissions).sorted()
    guard missing.isEmpty else {
      throw RPCError.permissionDenied(
        "Nobody can give or take permissions that they do not have: "
          + missing.joined(separator: ", "),
        reason: "PERMISSION_ESCALATION", metadata: ["permissions": missing.joined(separator: ",")])
    }
  }
}
