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
      request.adminPassword, field: "admin_password", email: request.adminEmail,
      names: [request.adminName, wanted.name, wanted.slug])
    let hash = try await passwords.hash(password.text)
    let companyID = UUIDv7.make()
    let scope = try TenantScope(platform: context, entering: companyID, in: database)
    return try await scope.change(request) { mutation in
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
      let old = (company.settings ?? CompanySettings()).withDefaults
      try company.merge(update, paths: paths)
      try company.checkRules(path: "company")
      let settings = (company.settings ?? CompanySettings()).withDefaults
      company.settings = settings
      try CompanyRules.check(settings, path: "company.settings")
      var response = UpdateMyCompanyResponse()
      if settings.timeZone != old.timeZone {
        try await checkNothingAhead(on: old.timeZone, by: mutation)
      } else if settings.openingHours != old.openingHours {
        response.affectedAppointmentIds = try await appointmentsLeftOut(
          from: old, to: settings, by: mutation)
      }
      mutation.enqueue(
        CompanyStatements.update(
          mutation.companyID, company.name, settings.timeZone, settings.currencyCode,
          settings.locale, settings.countryCode, try settings.openingHoursJSON(),
          try settings.schedulingJSON()))
      mutation.announce(PrincipalChange(companyID: mutation.companyID))
      mutation.log(Change(.updated, .company, [mutation.companyID], fields: paths))
      company.touch(at: mutation.now)
      response.company = company
      return response
    }
  }

  /// The appointments ahead that lay in the opening hours and do so no longer, by their start: of the
  /// resources that have no hours of their own. Locks all that can be booked: whoever books one has
  /// done so, or sees the new hours.
  private func appointmentsLeftOut(
    from old: CompanySettings, to new: CompanySettings, by mutation: Mutation
  ) async throws -> [String] {
    let (before, after) = (try ClinicClock(old), try ClinicClock(new))
    let rows = try await mutation.query([
      AvailabilityStatements.lockResources(mutation.companyID, UUID?.none),
      ResourceStatements.bookable(mutation.companyID, [UUID]())
    ])
    var starts: [String: Int64] = [:]
    for index in 0..<rows[1].count {
      let resource = try Resource(row: rows[1][index])
      guard resource.weeklyHours.isEmpty else { continue }
      let leftOut = try await ChangeOfHours(
        of: try UUID(contract: resource.resourceID, field: "resource_id"), on: after.resolver,
        from: { before.spans(of: resource, deviations: $0, in: $1) },
        to: { after.spans(of: resource, deviations: $0, in: $1) }
      ).appointmentsLeftOut(by: mutation)
      for appointment in leftOut { starts[appointment.id] = appointment.start }
    }
    return starts.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      .prefix(ChangeOfHours.most).map(\.key)
  }

  /// Refuses another time zone while anything lies ahead: appointments would stand at other times of
  /// the clock than those that were agreed on, and their series would know them no more.
  private func checkNothingAhead(on timeZone: String, by mutation: Mutation) async throws {
    let subject = "company.settings.time_zone"
    let rows = try await mutation.query([
      CompanyStatements.lockAlone(mutation.companyID),
      AppointmentStatements.aheadOfCompany(mutation.companyID),
      AppointmentSeriesStatements.active(mutation.companyID)
    ])
    try AppointmentsAhead(rows: rows[1]).refuse(
      "Appointments lie ahead on the clinic's clock: cancel them first", subject: subject)
    let clock = LocalTimeResolver(timeZone: timeZone)
    guard let now = clock?.local(at: mutation.now.unixSeconds) else { return }
    let goesOn = try (0..<rows[2].count).contains { index in
      try Recurrence(stored: rows[2][index].decode(0)).goesOn(after: now)
    }
    guard !goesOn else {
      throw RPCError.failedPrecondition(
        "A series of appointments goes on by the clinic's clock: end it first",
        reason: "SERIES_AHEAD", subject: subject)
    }
  }
}
