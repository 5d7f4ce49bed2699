package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension AuthHandler {
  package func listSessions(
    _ request: ListSessionsRequest, context: TenantContext
  ) async throws -> ListSessionsResponse {
    let (sessions, next) = try await list(
      of: context.principal.accountID, pageSize: request.pageSize, pageToken: request.pageToken,
      context: context)
    return ListSessionsResponse(sessions: sessions, nextPageToken: next)
  }

  package func listStaffSessions(
    _ request: ListStaffSessionsRequest, context: TenantContext
  ) async throws -> ListStaffSessionsResponse {
    let staffID = try UUID(contract: request.staffID, field: "staff_id")
    try await requireStaff(staffID, context: context)
    let (sessions, next) = try await list(
      of: staffID, pageSize: request.pageSize, pageToken: request.pageToken, context: context)
    return ListStaffSessionsResponse(sessions: sessions, nextPageToken: next)
  }

  package func revokeSession(
    _ request: RevokeSessionRequest, context: TenantContext
  ) async throws -> RevokeSessionResponse {
    let sessionID = try UUID(contract: request.sessionID, field: "session_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let count = try await revoke(
        staffID: context.principal.accountID, only: sessionID, by: mutation)
      guard count == 1 else { throw Self.noSession }
      return RevokeSessionResponse()
    }
  }

  package func revokeStaffSessions(
    _ request: RevokeStaffSessionsRequest, context: TenantContext
  ) async throws -> RevokeStaffSessionsResponse {
    let staffID = try UUID(contract: request.staffID, field: "staff_id")
    let sessionID =
      request.sessionID.isEmpty ? nil : try UUID(contract: request.sessionID, field: "session_id")
    try await requireStaff(staffID, context: context)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let count = try await revoke(staffID: staffID, only: sessionID, by: mutation)
      if sessionID != nil, count == 0 { throw Self.noSession }
      return RevokeStaffSessionsResponse(revokedCount: Int32(count))
    }
  }

  static let noSession = RPCError.notFound(
    "There is no such open session", reason: "SESSION_NOT_FOUND", field: "session_id")

  private func requireStaff(_ staffID: UUID, context: TenantContext) async throws {
    let scope = TenantScope(context, in: database)
    let rows = try await scope.read(StaffStatements.get(scope.companyID, staffID))
    guard rows.count == 1 else { throw StaffHandler.notFound }
  }

  private func list(
    of staffID: UUID, pageSize: Int32, pageToken: String, context: TenantContext
  ) async throws -> ([Session], String) {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(pageSize)
    let paging = Paging(pageTokens, scope, filter: Array(staffID.text.utf8))
    let before = try paging.cursor(of: pageToken)?.uuid(0) ?? .greatest
    let rows = try await scope.read(
      SessionStatements.list(scope.companyID, staffID, before, Int64(size + 1)))
    return try paging.page(rows, size: size) {
      try Session(row: $0, current: context.principal.credentialID)
    } cursor: { _, row in
      PageCursor([.uuid(try row.decode(0))])
    }
  }
}

extension Session {
  /// A session from the columns of `SessionStatements.list`.
  fileprivate init(row: PostgresRow, current: UUID) throws {
    let id = try row.decode(0, as: UUID.self)
    self.init(
      sessionID: id.text,
      staffID: try row.decode(1, as: UUID.self).text,
      clientName: try row.decode(2), address: try row.decode(3),
      createTime: Timestamp(try row.decode(4, as: PostgresTimestamp.self)),
      refreshTime: Timestamp(try row.decode(5, as: PostgresTimestamp.self)),
      expireTime: Timestamp(try row.decode(6, as: PostgresTimestamp.self)),
      current: id == current)
  }
}
