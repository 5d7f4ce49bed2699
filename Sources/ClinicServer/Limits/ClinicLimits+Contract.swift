internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime

extension ClinicLimits {
  /// The server's settings, with what was set for the clinic over them.
  init(_ set: CompanyLimits, over settings: LimitSettings) {
    self.init(
      clinic: CallLimits(set.clinic, over: settings.clinic),
      account: CallLimits(set.account, over: settings.account),
      weight: set.weight > 0 ? Int(set.weight) : 1)
  }

  /// What is in force, in the contract's words.
  func contract(like set: CompanyLimits) -> CompanyLimits {
    CompanyLimits(
      companyID: set.companyID, clinic: clinic.contract, account: account.contract,
      weight: Int32(clamping: weight), updateTime: set.updateTime, etag: set.etag)
  }
}

extension CallLimits {
  fileprivate init(_ set: UsageLimits?, over settings: CallLimits = CallLimits()) {
    self.init(
      calls: set?.calls.map(RateLimit.init) ?? settings.calls,
      cost: set?.cost.map(RateLimit.init) ?? settings.cost,
      callsPerDay: set?.callsPerDay.map(Int.init) ?? settings.callsPerDay,
      costPerDay: set?.costPerDay.map(Int.init) ?? settings.costPerDay)
  }

  fileprivate var contract: UsageLimits {
    UsageLimits(
      calls: calls.map(\.contract), cost: cost.map(\.contract),
      callsPerDay: callsPerDay.map(Int64.init), costPerDay: costPerDay.map(Int64.init))
  }
}

extension RateLimit {
  fileprivate init(_ rate: UsageRate) {
    self.init(
      perSecond: Int(rate.perSecond), burst: rate.burst > 0 ? Int(rate.burst) : nil)
  }

  fileprivate var contract: UsageRate {
    UsageRate(perSecond: Int64(perSecond), burst: Int64(burst))
  }
}

extension KeyLimits {
  /// From the limits and the version of a key; of a caller that is none, nothing and 0.
  init(row: PostgresRow, column: Int) throws {
    self.init(
      limits: CallLimits(try UsageLimits(stored: row.decode(column))),
      version: try row.decode(column + 1))
  }
}

extension UsageLimits {
  /// A key's limits as the database keeps them.
  init?(stored: PostgresJSON) throws {
    guard stored.text != "{}" else { return nil }
    try self.init(jsonString: stored.text)
  }

  /// A key's limits as the database keeps them.
  static func stored(_ limits: UsageLimits?) throws -> PostgresJSON {
    PostgresJSON(try (limits ?? UsageLimits()).jsonString())
  }
}

extension CompanyLimits {
  /// The limits as the database keeps them: without what it has in columns of its own.
  func stored() throws -> PostgresJSON {
    PostgresJSON(
      try CompanyLimits(clinic: clinic, account: account, weight: weight).jsonString())
  }
}
