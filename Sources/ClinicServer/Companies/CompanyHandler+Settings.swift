package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension CompanyHandler {
  package func createCompany(
    _ request: CreateCompanyRequest, context: TenantContext
  ) async throws -> CreateCompanyResponse {
    let wanted = request.company ?? Company()
    let settings = (wanted.settings ?? CompanySettings()).withDefaults
    try CompanyRules.check(settings, path: "company.settings")
    let password = try Password.chosen(
      request.adminPassword, email: request.adminEmail, field: "admin_password")
    let hash = try await passwords.hash(password.text)
    let companyID = UUIDv7.make()
    let scope = try TenantScope(platform: context, entering: companyID, in: database)
    return try await scope.change(validateOnly: request.validateOnly) { mutation in
      let administrator = Administrator(
        email: request.adminEmail, displayName: request.adminName, passwordHash: hash,
        mustChangePassword: true)
      let new = NewCompany(slug: wanted.slug, name: wanted.name, settings: settings)
      let roles = try new.insert(by: mutation)
      let staffID = administrator.insert(roleID: roles[.admin], by: mutation)
      var company = Company(slug: wanted.slug, name: wanted.name, state: .active)
      company.companyID = companyID.text
      company.settings = settings
      company.createTime = Timestamp(mutation.now)
      company.updateTime = Timestamp(mutation.now)
      company.etag = Etag.text(version: 1)
      return CreateCompanyResponse(
        company: company, adminStaffID: staffID.text, initialPassword: password.toShow)
    }
  }

  package func getMyCompany(
    _ request: GetMyCompanyRequest, context: TenantContext
  ) async throws -> GetMyCompanyResponse {
    let scope = TenantScope(context, in: database)
    let rows = try await scope.read(CompanyStatements.get(scope.companyID))
    guard rows.count == 1 else { throw Self.notFound }
    return GetMyCompanyResponse(company: try Company(row: rows[0]))
  }

  package func updateMyCompany(
    _ request: UpdateMyCompanyRequest, context: TenantContext
  ) async throws -> UpdateMyCompanyResponse {
    let update = request.company ?? Company()
    let paths = try UpdateMask.company.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var company = try await lock(etag: update.etag, by: mutation)
      try company.merge(update, paths: paths)
      try company.checkRules(path: "company")
      let settings = (company.settings ?? CompanySettings()).withDefaults
      company.settings = settings
      try CompanyRules.check(settings, path: "company.settings")
      mutation.enqueue(
        CompanyStatements.update(
          mutation.companyID, company.name, settings.timeZone, settings.currencyCode,
          settings.locale, settings.countryCode, try settings.openingHoursJSON(),
          try settings.schedulingJSON()))
      mutation.announce(PrincipalChange(companyID: mutation.companyID))
      mutation.log(Change(.updated, .company, [mutation.companyID], fields: paths))
      company.touch(at: mutation.now)
      return UpdateMyCompanyResponse(company: company)
    }
  }
}
