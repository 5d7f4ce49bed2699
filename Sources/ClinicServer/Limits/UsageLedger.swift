internal import ClinicContracts
internal import Logging
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// Where the servers of the platform add their usage up, and hear of each other's and of changed
/// limits: in one transaction for each clinic that called, every few seconds.
///
/// What is not yet written is lost when the server is killed, and what the others used since is not
/// known: at most ``LimitSettings/usageInterval`` of calls on each server, either way.
struct UsageLedger: Sendable {
  /// The caller that stands for the clinic as a whole: the nil UUID (RFC 9562 §5.9).
  static let everybody = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

  let database: Database
  let settings: LimitSettings
  let logger: Logger

  /// What a caller's first call has to know.
  struct Found: Sendable {
    let limits: ClinicLimits
    let keyLimits: KeyLimits
    let clinicUsage: Charge
    let callerUsage: Charge
  }

  /// Reads what is in force for a clinic and a caller of it, and what both used on a day.
  func load(
    _ companyID: UUID, caller: UUID, day: Int32, deadline: Deadline
  ) async throws -> Found {
    let rows = try await database.read(
      QuotaStatements.load(companyID, PostgresDate(unixDay: day), Self.everybody, caller),
      in: companyID, deadline: deadline)
    let row = rows[0]
    return Found(
      limits: try limits(row), keyLimits: try KeyLimits(row: row, column: 6),
      clinicUsage: try row.charge(2), callerUsage: try row.charge(4))
  }

  private func limits(_ row: PostgresRow) throws -> ClinicLimits {
    let text = try row.decode(0, as: PostgresJSON.self).text
    return ClinicLimits(
      text == "{}" ? CompanyLimits() : try CompanyLimits(jsonString: text), over: settings)
  }

  /// Writes what a clinic's callers used, takes in what they have used now and what was set for those
  /// that are keys, and returns what is in force. Nil where nothing could be written: it waits on.
  func settle(_ clinic: ClinicMeter) async -> ClinicLimits? {
    let callers = clinic.takeUntold()
    var told: [(id: UUID, meter: Meter, shares: [UsageCounter.Share])] =
      callers.map { ($0.id, $0.meter, $0.meter.state.withLock { $0.usage.take() }) }
    told.append((Self.everybody, clinic.meter, clinic.meter.state.withLock { $0.usage.take() }))
    do {
      let (totals, limits, keyLimits) = try await write(
        told.flatMap { entry in
          entry.shares.map { (entry.id, $0) }
        }, keys: callers.filter { $0.meter.scope == .apiKey }.map(\.id), in: clinic.companyID)
      for (id, meter, shares) in told {
        meter.state.withLock { state in
          state.usage.confirm(shares)
          for total in totals where total.id == id {
            state.usage.learn(total.share.charge, on: total.share.day)
          }
        }
      }
      for caller in callers {
        if let limits = keyLimits[caller.id] { caller.use(limits) }
      }
      return limits
    } catch {
      logger.warning(
        "usage not written",
        metadata: ["callers": "\(callers.count)", "error": "\(ErrorText.forLog(error))"])
      for (_, meter, shares) in told { meter.state.withLock { $0.usage.restore(shares) } }
      clinic.putBack(callers)
      return nil
    }
  }

  private typealias Entry = (id: UUID, share: UsageCounter.Share)

  private func write(
    _ entries: [Entry], keys: [UUID], in companyID: UUID
  ) async throws -> (totals: [Entry], limits: ClinicLimits, keyLimits: [UUID: KeyLimits]) {
    var statements = [
      QuotaStatements.withoutWaiting(),
      QuotaStatements.limits(companyID),
      QuotaStatements.add(
        companyID, entries.map { PostgresDate(unixDay: $0.share.day) }, entries.map(\.id),
        entries.map { Int64($0.share.charge.calls) }, entries.map { Int64($0.share.charge.cost) })
    ]
    if !keys.isEmpty { statements.append(QuotaStatements.keyLimits(companyID, keys)) }
    let results = try await database.client.pipeline(
      statements, after: TenancyStatements.enter(companyID),
      deadline: Deadline.after(.seconds(10)).postgres)
    let set = results[1]
    let limits =
      set.count == 1 ? try limits(set[0]) : ClinicLimits(CompanyLimits(), over: settings)
    let rows = results[2]
    let totals = try (0..<rows.count).map { index in
      let row = rows[index]
      let day = Int32(clamping: try row.decode(0, as: PostgresDate.self).unixDays)
      return (
        try row.decode(1, as: UUID.self), UsageCounter.Share(day: day, charge: try row.charge(2))
      )
    }
    return (totals, limits, keys.isEmpty ? [:] : try Self.keyLimits(results[3]))
  }

  private static func keyLimits(_ rows: PostgresRows) throws -> [UUID: KeyLimits] {
    var found: [UUID: KeyLimits] = [:]
    for index in 0..<rows.count {
      found[try rows[index].decode(0)] = try KeyLimits(row: rows[index], column: 1)
    }
    return found
  }
}

extension PostgresDate {
  /// The day so many days after 1970-01-01.
  init(unixDay: Int32) { self.init(days: unixDay - 10_957) }
}

extension PostgresRow {
  /// Calls and cost from two columns.
  func charge(_ column: Int) throws -> Charge {
    Charge(
      calls: Int(try decode(column, as: Int64.self)),
      cost: Int(try decode(column + 1, as: Int64.self)))
  }
}
