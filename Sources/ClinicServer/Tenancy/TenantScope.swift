package import PostgresClient
package import RPCCore
package import struct Foundation.UUID

/// The only door of a handler to SQL. Everything that goes through it runs inside one company,
/// which row security enforces; a statement cannot be run without entering one.
package struct TenantScope: Sendable {
  /// The company that is entered.
  package let companyID: UUID

  /// Who acts, in which call.
  package let context: TenantContext

  let database: Database

  /// The caller's own company.
  package init(_ context: TenantContext, in database: Database) {
    self.init(context, company: context.companyID, in: database)
  }

  /// Another company, for the platform's own staff only: PERMISSION_DENIED for anybody else.
  package init(
    platform context: TenantContext, entering companyID: UUID, in database: Database
  ) throws {
    guard context.principal.isPlatform else {
      throw RPCError.permissionDenied(
        "Only the platform's staff act on other clinics", reason: "NOT_PLATFORM")
    }
    self.init(context, company: companyID, in: database)
  }

  private init(_ context: TenantContext, company: UUID, in database: Database) {
    self.companyID = company
    self.context = context
    self.database = database
  }

  /// Runs a point query on the shared lane: one round trip.
  package func read(_ statement: BoundStatement) async throws -> PostgresRows {
    try await database.read(statement, in: companyID, deadline: context.deadline)
  }

  /// Runs several queries on the shared lane: one round trip.
  package func read(_ statements: [BoundStatement]) async throws -> [PostgresRows] {
    try await database.read(statements, in: companyID, deadline: context.deadline)
  }

  /// Lends a read-only transaction on a connection of its own, for what may take long.
  package func longRead<Result>(
    _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    try await database.transaction(
      in: companyID, access: .readOnly, deadline: context.deadline, body)
  }

  /// Notes in the read log that the caller saw these records of these patients.
  package func noteRead(_ resourceIDs: [UUID], of patientIDs: some Sequence<String>) {
    noteRead(Set(patientIDs).sorted().compactMap { UUID(text: $0) } + resourceIDs)
  }

  /// Notes in the read log that the caller saw these records.
  package func noteRead(_ resourceIDs: [UUID]) {
    context.call.reply.isReadNoted = true
    database.readLog.append(
      ReadLog.Entry(
        companyID: companyID, accountID: context.principal.accountID,
        credentialID: context.principal.credentialID, method: context.method,
        resourceIDs: resourceIDs, request: context.call.requestIdentifier))
  }
}
