import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Quotas", .timeLimit(.minutes(3)))
struct QuotaTests {
  /// Two further servers with these limits, which tell each other of usage ten times a second.
  private func twoServers(
    _ limits: String,
    _ body: (ClinicTestServer.Running, ClinicTestServer.Running) async throws -> Void
  ) async throws {
    func configure(_ configuration: inout ServerConfiguration) {
      configuration.callLimits.clinic = CallLimits(limits) ?? CallLimits()
      configuration.callLimits.usageInterval = .milliseconds(100)
    }
    try await ReplicaServer.with(configure: configure) { one in
      try await ReplicaServer.with(configure: configure) { two in try await body(one, two) }
    }
  }

  private func call(_ client: ClinicClient) async throws {
    _ = try await client.auth.getCaller(GetCallerRequest())
  }

  /// What the making of a clinic used on the server that made it, all of it told to the database:
  /// a batch may be on its way to there, and a look does not wait for it.
  private func used(_ clinic: TestClinic) async throws -> DailyUsage {
    var last: DailyUsage?
    for _ in 0..<100 {
      let usage = try requireValue(
        try await clinic.admin.quotas.getUsage(GetUsageRequest(days: 1)).days.first)
      if usage.calls - 1 == last?.calls { return usage }
      last = usage
      try await Task.sleep(for: .milliseconds(50))
    }
    throw MissingValue()
  }

  /// Calls until a call ends as it should, for ten seconds. Returns the calls before it.
  private func calls(
    _ client: ClinicClient, until isEnd: (RPCError?) -> Bool
  ) async throws -> Int {
    for count in 0..<200 {
      if isEnd(await failure { try await call(client) }) { return count }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw MissingValue()
  }

  @Test("count a clinic's calls of a day on all servers together, and leave other clinics alone")
  func acrossServers() async throws {
    let (clinic, other) = (try await TestClinic.make(), try await TestClinic.make())
    let before = try await used(clinic)
    try await twoServers("day-calls=20") { one, two in
      let first = try await clinic.login(at: one)
      for _ in 0..<5 { try await call(first) }
      // It tells the database what this server has not told yet; what is on its way there already
      // comes with the next look.
      var (looks, usage) = (0, GetUsageResponse())
      repeat {
        looks += 1
        usage = try await first.quotas.getUsage(GetUsageRequest())
      } while usage.days.first.map { $0.calls < before.calls + 5 + Int64(looks) } != false
        && looks < 6
      let counted = Int(before.calls) + 5 + looks
      #expect(usage.days.count == 1 && usage.days[0].calls == counted)
      let account = try #require(usage.days[0].callers.first)
      #expect(account.calls == counted && account.displayName == "Ada Admin")
      #expect(usage.limits?.clinic?.callsPerDay == 20 && usage.limits?.clinic?.calls == nil)

      // The other server knows of them from its first call on.
      let second = try await clinic.login(at: two)
      for _ in counted..<20 { try await call(second) }
      let error = await failure { try await call(second) }
      #expect(error?.code == .resourceExhausted && error?.reason == "QUOTA_EXCEEDED")
      #expect(error?.facts == ["scope": "clinic", "limit": "calls_per_day", "size": "20"])
      let delay = try #require(error?.retryDelay)
      #expect(delay > .zero && delay <= .seconds(86_400))
      // The first hears of it.
      _ = try await calls(first) { $0?.reason == "QUOTA_EXCEEDED" }
      try await call(try await other.login(at: one))
      try await call(try await other.login(at: two))
    }
  }

  @Test("set by the platform for one clinic are in force on every server, and gone from every one")
  func overrides() async throws {
    let (clinic, other) = (try await TestClinic.make(), try await TestClinic.make())
    let platform = try await clinic.server.platform()
    let id = clinic.company.companyID
    try await twoServers("none") { one, two in
      let clients = [try await clinic.login(at: one), try await clinic.login(at: two)]
      let neighbour = try await other.login(at: one)
      for client in clients { try await call(client) }
      let set = try await platform.quotas.updateCompanyLimits(
        UpdateCompanyLimitsRequest(
          companyID: id,
          limits: CompanyLimits(
            clinic: UsageLimits(costPerDay: 2), account: UsageLimits(callsPerDay: 1), weight: 3)))
      #expect(set.limits?.weight == 3 && set.effective?.clinic?.costPerDay == 2)
      for client in clients { _ = try await calls(client) { $0?.reason == "QUOTA_EXCEEDED" } }
      try await call(neighbour)

      let etag = try #require(set.limits?.etag)
      let removed = try await platform.quotas.updateCompanyLimits(
        UpdateCompanyLimitsRequest(
          companyID: id, limits: CompanyLimits(etag: etag),
          updateMask: FieldMask(paths: ["clinic.cost_per_day", "account"])))
      #expect(removed.limits?.clinic?.costPerDay == nil && removed.limits?.weight == 3)
      for client in clients { _ = try await calls(client) { $0 == nil } }
      let stale = await failure {
        _ = try await platform.quotas.updateCompanyLimits(
          UpdateCompanyLimitsRequest(companyID: id, limits: CompanyLimits(weight: 2, etag: etag)))
      }
      #expect(stale?.code == .aborted)
      let read = try await platform.quotas.getCompanyLimits(GetCompanyLimitsRequest(companyID: id))
      #expect(read.limits == removed.limits)
    }
    let usage = try await platform.quotas.getCompanyUsage(GetCompanyUsageRequest(companyID: id))
    #expect(usage.days.first.map { $0.calls >= 4 } == true)
    #expect(usage.days.allSatisfy { $0.callers.allSatisfy(\.displayName.isEmpty) })
  }

  @Test("count the rows of an import, and end one that uses up the day")
  func streams() async throws {
    let clinic = try await TestClinic.make()
    let before = try await used(clinic)
    try await twoServers("day-cost=\(before.cost + 100)") { one, _ in
      let client = try await clinic.login(at: one)
      func rows(_ count: Int, from first: Int) async throws {
        _ = try await client.patients.import { writer in
          try await writer.write(ImportPatientsRequest(part: .options(ImportOptions())))
          for number in first..<(first + count) {
            let patient = Patient(name: PersonName(given: "Row", family: "Number\(number)"))
            try await writer.write(
              ImportPatientsRequest(
                part: .row(ImportRow(line: Int64(number), patient: patient))))
          }
        }
      }
      try await rows(10, from: 1)
      let policy = PatientService.Methods.importPatients.policy
      let expected = Int64(policy.cost + 11 * policy.messageCost)
      let own = Int64(QuotaService.Methods.getUsage.policy.cost)
      // What the clinic's first server counted comes with its next batch.
      var (looks, usage) = (Int64(0), DailyUsage())
      repeat {
        looks += 1
        usage = try requireValue(try await client.quotas.getUsage(GetUsageRequest()).days.first)
        try await Task.sleep(for: .milliseconds(250))
      } while usage.calls < before.calls + 1 + looks && looks < 40
      #expect(usage.cost == before.cost + expected + looks * own)
      #expect(usage.calls == before.calls + 1 + looks)
      let error = await failure { try await rows(200, from: 11) }
      #expect(error?.code == .resourceExhausted && error?.reason == "QUOTA_EXCEEDED")
      #expect(error?.facts["limit"] == "cost_per_day")
    }
  }

  @Test(
    "that make no sense are refused with the field's path",
    arguments: [
      (CompanyLimits(weight: 101), "limits.weight"),
      (CompanyLimits(weight: -1), "limits.weight"),
      (
        CompanyLimits(clinic: UsageLimits(calls: UsageRate(burst: 5))),
        "limits.clinic.calls.per_second"
      ),
      (
        CompanyLimits(account: UsageLimits(cost: UsageRate(perSecond: 1_000_000_001))),
        "limits.account.cost.per_second"
      ),
      (
        CompanyLimits(account: UsageLimits(cost: UsageRate(perSecond: 1, burst: -1))),
        "limits.account.cost.burst"
      ),
      (CompanyLimits(clinic: UsageLimits(callsPerDay: 0)), "limits.clinic.calls_per_day"),
      (CompanyLimits(), "update_mask")
    ])
  func badValues(limits: CompanyLimits, field: String) async throws {
    let clinic = try await TestClinic.make()
    let platform = try await clinic.server.platform()
    let error = await failure {
      _ = try await platform.quotas.updateCompanyLimits(
        UpdateCompanyLimitsRequest(companyID: clinic.company.companyID, limits: limits))
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.map(\.field) == [field], "\(String(describing: error))")
  }

  @Test("are not the platform's own to set, nor those of a clinic that does not exist")
  func others() async throws {
    let platform = try await ClinicTestServer.shared.running().platform()
    let caller = try await platform.auth.getCaller(GetCallerRequest())
    let own = await failure {
      _ = try await platform.quotas.updateCompanyLimits(
        UpdateCompanyLimitsRequest(
          companyID: caller.company?.companyID ?? "", limits: CompanyLimits(weight: 2)))
    }
    #expect(own?.code == .failedPrecondition)
    let nobody = UUID().uuidString.lowercased()
    let changed = await failure {
      _ = try await platform.quotas.updateCompanyLimits(
        UpdateCompanyLimitsRequest(companyID: nobody, limits: CompanyLimits(weight: 2)))
    }
    #expect(changed?.code == .notFound)
    let read = await failure {
      _ = try await platform.quotas.getCompanyLimits(GetCompanyLimitsRequest(companyID: nobody))
    }
    #expect(read?.code == .notFound)
    let used = await failure {
      _ = try await platform.quotas.getCompanyUsage(GetCompanyUsageRequest(companyID: nobody))
    }
    #expect(used?.code == .notFound)
  }
}
