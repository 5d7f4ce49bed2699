package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.CompanyService`.
package struct CompanyHandler: CompanyService.Handler {
  let database: Database
  let pageTokens: PageTokens
  let passwords: PasswordHasher

  package init(database: Database, pageTokens: PageTokens, passwords: PasswordHasher) {
    self.database = database
    self.pageTokens = pageTokens
    self.passwords = passwords
  }

  static let notFound = RPCError.notFound(
    "There is no such clinic", reason: "COMPANY_NOT_FOUND", field: "company_id")

  package func getCompany(
    _ request: GetCompanyRequest, context: TenantContext
  ) async throws -> GetCompanyResponse {
    let id = try UUID(contract: request.companyID, field: "company_id")
    let scope = try TenantScope(platform: context, entering: id, in: database)
    let rows = try await scope.read(CompanyStatements.get(id))
    guard rows.count == 1 else { throw Self.notFound }
    return GetCompanyResponse(company: try Company(row: rows[0]))
  }

  package func listCompanies(
    _ request: ListCompaniesRequest, context: TenantContext
  ) async throws -> ListCompaniesResponse {
    let scope = try TenantScope(
      platform: context, entering: Platform.companyID, in: database)
    let size = Paging.size(request.pageSize)
    let paging = Paging(
      pageTokens, scope, filter: [UInt8(truncatingIfNeeded: request.state.rawValue)])
    let after = try paging.cursor(of: request.pageToken)?.text(0) ?? ""
    let directory = try await scope.read(
      CompanyStatements.directory(
        after, Int16(truncatingIfNeeded: request.state.rawValue), Int32(size + 1)))
    var companies: [Company] = []
    var places: [String] = []
    for index in 0..<min(size, directory.count) {
      let id = try directory[index].decode(0, as: UUID.self)
      // Each clinic is entered by itself: no statement sees two.
      let rows = try await TenantScope(platform: context, entering: id, in: database)
        .read(CompanyStatements.get(id))
      guard rows.count == 1 else { continue }
      companies.append(try Company(row: rows[0]))
      places.append(try directory[index].decode(1))
    }
    let count = try Paging.fitting(companies)
    let isWhole = count == companies.count && directory.count <= size
    companies.removeLast(companies.count - count)
    let next =
      isWhole || count == 0 ? "" : paging.token(after: PageCursor([.text(places[count - 1])]))
    return ListCompaniesResponse(companies: companies, nextPageToken: next)
  }

  package func suspendCompany(
    _ request: SuspendCompanyRequest, context: TenantContext
  ) async throws -> SuspendCompanyResponse {
    let id = try UUID(contract: request.companyID, field: "company_id")
    let scope = try TenantScope(platform: context, entering: id, in: database)
    return try await scope.mutate(request) { mutation in
      SuspendCompanyResponse(
        company: try await setState(
          .suspended, etag: request.etag, reason: request.reason, by: mutation))
    }
  }

  package func resumeCompany(
    _ request: ResumeCompanyRequest, context: TenantContext
  ) async throws -> ResumeCompanyResponse {
    let id = try UUID(contract: request.companyID, field: "company_id")
    let scope = try TenantScope(platform: context, entering: id, in: database)
    return try await scope.mutate(request) { mutation in
      ResumeCompanyResponse(
        company: try await setState(.active, etag: request.etag, reason: "", by: mutation))
    }
  }

  private func setState(
    _ state: CompanyState, etag: String, reason: String, by mutation: Mutation
  ) async throws -> Company {
    guard mutation.companyID != Platform.companyID else {
      throw RPCError.failedPrecondition(
        "The platform's own company is always in service", type: "PLATFORM", subject: "company")
    }
    var company = try await lock(etag: etag, by: mutation)
    guard company.state != state else {
      throw RPCError.failedPrecondition(
        state == .active ? "The clinic is in service" : "The clinic is suspended already",
        type: "STATE", subject: "company.state")
    }
    mutation.enqueue(
      CompanyStatements.setState(
        mutation.companyID, Int16(truncatingIfNeeded: state.rawValue), reason))
    mutation.announce(PrincipalChange(companyID: mutation.companyID))
    mutation.log(
      Change(
        state == .active ? .resumed : .suspended, .company, [mutation.companyID], reason: reason))
    company.state = state
    company.suspensionReason = reason
    company.touch(at: mutation.now)
    return company
  }

  /// Locks the entered company and checks the caller's version.
  func lock(etag: String, by mutation: Mutation) async throws -> Company {
    let rows = try await mutation.query(CompanyStatements.lock(mutation.companyID))
    guard rows.count == 1 else { throw Self.notFound }
    let company = try Company(row: rows[0])
    try Etag.check(etag, against: company.etag)
    return company
  }
}
