package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.QuotaService`.
package struct QuotaHandler: QuotaService.Handler {
  let database: Database
  let meters: CallMeters

  package init(database: Database, meters: CallMeters) {
    self.database = database
    self.meters = meters
  }

  // MARK: Usage

  package func getUsage(
    _ request: GetUsageRequest, context: TenantContext
  ) async throws -> GetUsageResponse {
    let (days, limits) = try await usage(
      days: request.days, in: TenantScope(context, in: database))
    return GetUsageResponse(days: days, limits: limits)
  }

  package func getCompanyUsage(
    _ request: GetCompanyUsageRequest, context: TenantContext
  ) async throws -> GetCompanyUsageResponse {
    let id = try UUID(contract: request.companyID, field: "company_id")
    let scope = try TenantScope(platform: context, entering: id, in: database)
    var (days, limits) = try await usage(days: request.days, in: scope)
    for day in days.indices {
      for caller in days[day].callers.indices {
        days[day].callers[caller].displayName = ""
        days[day].callers[caller].apiKeyName = ""
      }
    }
    return GetCompanyUsageResponse(days: days, limits: limits)
  }

  private func usage(
    days: Int32, in scope: TenantScope
  ) async throws -> ([DailyUsage], CompanyLimits) {
    // What this server has not told yet is in the answer.
    await meters.settle(scope.companyID)
    let today = meters.clock.day(at: .now)
    let first = PostgresDate(unixDay: today - (days > 0 ? days : 7) + 1)
    let results = try await scope.read([
      CompanyStatements.get(scope.companyID), QuotaStatements.limits(scope.companyID),
      QuotaStatements.usage(scope.companyID, first, UsageLedger.everybody)
    ])
    guard results[0].count == 1 else { throw CompanyHandler.notFound }
    let set = try CompanyLimits(rows: results[1], of: scope.companyID)
    return (try DailyUsage.days(results[2]), effective(set))
  }

  // MARK: Limits

  package func getCompanyLimits(
    _ request: GetCompanyLimitsRequest, context: TenantContext
  ) async throws -> GetCompanyLimitsResponse {
    let id = try UUID(contract: request.companyID, field: "company_id")
    let scope = try TenantScope(platform: context, entering: id, in: database)
    let results = try await scope.read([
      CompanyStatements.get(id), QuotaStatements.limits(id)
    ])
    guard results[0].count == 1 else { throw CompanyHandler.notFound }
    let set = try CompanyLimits(rows: results[1], of: id)
    return GetCompanyLimitsResponse(limits: set, effective: effective(set))
  }

  package func updateCompanyLimits(
    _ request: UpdateCompanyLimitsRequest, context: TenantContext
  ) async throws -> UpdateCompanyLimitsResponse {
    let id = try UUID(contract: request.companyID, field: "company_id")
    let update = request.limits ?? CompanyLimits()
    let paths = try UpdateMask.companyLimits.paths(of: request.updateMask, for: update)
    let scope = try TenantScope(platform: context, entering: id, in: database)
    let reply = try await scope.mutate(request) { mutation in
      guard id != Platform.companyID else {
        throw RPCError.failedPrecondition(
          "The platform's own company has the server's limits", type: "PLATFORM",
          subject: "company")
      }
      let rows = try await mutation.query(QuotaStatements.lock(id))
      guard rows.count == 1 else { throw CompanyHandler.notFound }
      var set = try CompanyLimits(rows: rows, of: id)
      try Etag.check(update.etag, against: set.etag)
      try set.merge(update, paths: paths)
      try set.checkRules(path: "limits")
      mutation.enqueue(QuotaStatements.set(id, try set.stored()))
      mutation.log(Change(.updated, "company_limits", [id], fields: paths))
      set.etag = Etag.next(after: set.etag)
      set.updateTime = Timestamp(mutation.now)
      return UpdateCompanyLimitsResponse(limits: set, effective: effective(set))
    }
    // The other servers hear of it when they next count the clinic's usage; this one at once.
    if !request.validateOnly { await meters.settle(id) }
    return reply
  }

  private func effective(_ set: CompanyLimits) -> CompanyLimits {
    ClinicLimits(set, over: meters.settings).contract(like: set)
  }
}

extension CompanyLimits {
  /// From limits, version and time of the last change; as nobody has set any, without a row.
  fileprivate init(rows: PostgresRows, of companyID: UUID) throws {
    self.init()
    if rows.count == 1 {
      self = try CompanyLimits(jsonString: try rows[0].decode(0, as: PostgresJSON.self).text)
      etag = Etag.text(version: try rows[0].decode(1))
      updateTime = try rows[0].decode(2, as: PostgresTimestamp?.self).map(Timestamp.init)
    } else {
      etag = Etag.text(version: 0)
    }
    self.companyID = companyID.text
  }
}

extension DailyUsage {
  /// From the rows of `QuotaStatements.usage`: for each day the clinic, then its callers.
  fileprivate static func days(_ rows: PostgresRows) throws -> [DailyUsage] {
    var days: [DailyUsage] = []
    for index in 0..<rows.count {
      let row = rows[index]
      let (year, month, day) = try row.decode(0, as: PostgresDate.self).components
      let id = try row.decode(1, as: UUID.self)
      let charge = try row.charge(2)
      if id == UsageLedger.everybody {
        days.append(
          DailyUsage(
            date: Date(year: Int32(year), month: Int32(month), day: Int32(day)),
            calls: Int64(charge.calls), cost: Int64(charge.cost)))
      } else if !days.isEmpty {
        let account = try row.decode(5, as: UUID?.self)
        days[days.count - 1].callers.append(
          CallerUsage(
            accountID: (account ?? id).text, displayName: try row.decode(4),
            apiKeyID: account == nil ? "" : id.text, apiKeyName: try row.decode(6),
            calls: Int64(charge.calls), cost: Int64(charge.cost)))
      }
    }
    return days
  }
}
