package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension StaffHandler {
  package func updateStaff(
    _ request: UpdateStaffRequest, context: TenantContext
  ) async throws -> UpdateStaffResponse {
    let id = try UUID(contract: request.staffID, field: "staff_id")
    let update = request.staff ?? Staff()
    let paths = try UpdateMask.staff.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let stored = try await lock(id, etag: update.etag, by: mutation)
      var merged = stored
      try merged.merge(update, paths: paths)
      try merged.checkRules(path: "staff")
      let (roleIDs, storedIDs) = try (
        merged.roleUUIDs(path: "staff.role_ids"), stored.roleUUIDs(path: "staff.role_ids")
      )
      // Whoever decides about an account's roles, or where it gets its mail, has power over it.
      if merged.email != stored.email || Set(roleIDs) != Set(storedIDs) {
        try await RoleGrants.check(storedIDs, by: mutation)
      }
      if Set(roleIDs) != Set(storedIDs) {
        try await RoleGrants.check(roleIDs, by: mutation)
        mutation.enqueue(StaffStatements.clearRoles(mutation.companyID, id))
        mutation.enqueue(StaffStatements.addRoles(mutation.companyID, id, roleIDs))
      }
      mutation.enqueue(
        StaffStatements.update(
          mutation.companyID, id, merged.email, EmailFolding.fold(merged.email),
          merged.displayName, merged.jobTitle, merged.phone))
      try await keepAnAdministrator(by: mutation)
      mutation.announce(PrincipalChange(companyID: mutation.companyID, accountID: id))
      mutation.log(Change(.updated, .staff, [id], fields: paths))
      merged.touch(at: mutation.now)
      return UpdateStaffResponse(staff: merged)
    }
  }

  package func deactivateStaff(
    _ request: DeactivateStaffRequest, context: TenantContext
  ) async throws -> DeactivateStaffResponse {
    let id = try UUID(contract: request.staffID, field: "staff_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      DeactivateStaffResponse(
        staff: try await setState(.deactivated, of: id, etag: request.etag, by: mutation))
    }
  }

  package func reactivateStaff(
    _ request: ReactivateStaffRequest, context: TenantContext
  ) async throws -> ReactivateStaffResponse {
    let id = try UUID(contract: request.staffID, field: "staff_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      ReactivateStaffResponse(
        staff: try await setState(.active, of: id, etag: request.etag, by: mutation))
    }
  }

  private func setState(
    _ state: StaffState, of id: UUID, etag: String, by mutation: Mutation
  ) async throws -> Staff {
    var staff = try await lock(id, etag: etag, by: mutation)
    guard staff.state != state else {
      throw RPCError.failedPrecondition(
        state == .active ? "The account is open" : "The account is closed already",
        type: "STATE", subject: "staff.state")
    }
    mutation.enqueue(
      StaffStatements.setState(mutation.companyID, id, Int16(truncatingIfNeeded: state.rawValue)))
    // Opening an account gives its roles back, and closing it takes them away.
    try await RoleGrants.check(try staff.roleUUIDs(path: "staff.role_ids"), by: mutation)
    if state == .deactivated {
      try await keepAnAdministrator(by: mutation)
      try await SessionEnding.endAll(of: id, by: mutation)
      try await CalendarFeedEnding.revokeAll(of: id, by: mutation)
    }
    mutation.log(Change(state == .active ? .reactivated : .deactivated, .staff, [id]))
    staff.state = state
    staff.touch(at: mutation.now)
    return staff
  }

  /// Refuses a change that leaves the clinic without an administrator who can log in.
  private func keepAnAdministrator(by mutation: Mutation) async throws {
    let rows = try await mutation.query(StaffStatements.lockAdministrators(mutation.companyID))
    guard rows.count > 0 else {
      throw RPCError.failedPrecondition(
        "The clinic's last administrator must stay one: make somebody else one first",
        type: "LAST_ADMINISTRATOR", subject: "staff")
    }
  }
}

/// Ends the sessions of an account as part of a change to it.
enum SessionEnding {
  static func endAll(of staffID: UUID, by mutation: Mutation) async throws {
    let none: UUID? = nil
    mutation.enqueue(SessionStatements.revoke(mutation.companyID, staffID, none, none))
    mutation.announce(PrincipalChange(companyID: mutation.companyID, accountID: staffID))
  }
}
