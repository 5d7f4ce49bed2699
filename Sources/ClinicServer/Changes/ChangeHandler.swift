package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.ChangeService`.
package struct ChangeHandler: ChangeService.Handler {
  let database: Database
  let pageTokens: PageTokens
  let hub: ChangeHub

  package init(database: Database, pageTokens: PageTokens, hub: ChangeHub) {
    self.database = database
    self.pageTokens = pageTokens
    self.hub = hub
  }

  package func listChanges(
    _ request: ListChangesRequest, context: TenantContext
  ) async throws -> ListChangesResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? ChangeFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(
      pageTokens, scope,
      filter: try filter.serializedBytes() + [UInt8(truncatingIfNeeded: request.order.rawValue)])
    let query = try ChangeListQuery(
      companyID: scope.companyID, filter: filter, isOldestFirst: request.order == .oldestFirst)
    let cursor = try paging.cursor(of: request.pageToken)
    let rows = try await scope.read(query.page(after: cursor, limit: size + 1))
    let reader = ChangeReader(context)
    let (changes, next) = try paging.page(rows, size: size) {
      reader.shown(try ChangeEntry(row: $0))
    } cursor: { last, _ in
      PageCursor([.integer(last.sequence)])
    }
    Self.noteRead(changes, in: scope)
    return ListChangesResponse(changes: changes, nextPageToken: next)
  }

  package func watchChanges(
    _ request: WatchChangesRequest, responses: ResponseWriter<WatchChangesResponse>,
    context: TenantContext
  ) async throws {
    let scope = TenantScope(context, in: database)
    let filter = WatchFilter(request.filter ?? ChangeFilter())
    let reader = ChangeReader(context)
    try await hub.watching(scope.companyID) { watch in
      var place = try await Self.place(of: request.afterSequence, in: scope)
      var told = place
      try await responses.write(WatchChangesResponse(afterSequence: place, sequence: place))
      while true {
        let entries = try await watch.entries(after: place)
        place = entries.last?.sequence ?? place
        let wanted = entries.filter(filter.contains).map(reader.shown)
        // What is left out moves the place too, now and then: nobody reads it twice after a break.
        guard !wanted.isEmpty || place - told >= 1_000 else { continue }
        Self.noteRead(wanted, in: scope)
        try await responses.write(
          WatchChangesResponse(afterSequence: told, sequence: place, changes: wanted))
        told = place
      }
    }
  }

  package func verifyChanges(
    _ request: VerifyChangesRequest, context: TenantContext
  ) async throws -> VerifyChangesResponse {
    let scope = TenantScope(context, in: database)
    let first = max(request.fromSequence, 1)
    let count = request.maxEntries == 0 ? 100_000 : request.maxEntries
    let rows = try await scope.longRead { transaction in
      try await transaction.query(ChangeLog.verify(scope.companyID, first, count))
    }
    let row = rows[0]
    var response = VerifyChangesResponse(
      firstSequence: first, lastSequence: try row.decode(0, as: Int64?.self) ?? first - 1,
      headSequence: try row.decode(2, as: Int64?.self) ?? 0,
      lastHash: try row.decode(1, as: [UInt8]?.self) ?? [])
    if let sequence = try row.decode(3, as: Int64?.self) {
      response.fault = ChainFault(
        sequence: sequence,
        kind: ChainFaultKind(rawValue: Int32(try row.decode(4, as: Int16?.self) ?? 0)))
    }
    return response
  }

  /// Where a watch begins: behind a place that the log has, or at its end.
  static func place(of sequence: Int64?, in scope: TenantScope) async throws -> Int64 {
    let rows = try await scope.read(ChangeLog.end(scope.companyID))
    let end = rows.count == 0 ? 0 : try rows[0].decode(0, as: Int64.self)
    guard let sequence else { return end }
    guard sequence <= end else {
      throw RPCError(
        code: .outOfRange, message: "The log does not reach so far: read the state anew",
        reason: "SEQUENCE_AHEAD", metadata: ["head_sequence": "\(end)"])
    }
    return sequence
  }

  /// Notes who saw what somebody wrote about a record: the reason is an entry's only free text.
  private static func noteRead(_ changes: [ChangeEntry], in scope: TenantScope) {
    scope.noteRead(changes.filter { !$0.reason.isEmpty }.compactMap { UUID(text: $0.recordID) })
  }
}

/// What a caller sees of entries: their public fields, or all of them.
private struct ChangeReader {
  private let seesAll: Bool

  init(_ context: TenantContext) {
    seesAll = context.principal.permissions.contains(
      ChangeService.Methods.verifyChanges.policy.permissions[0])
  }

  func shown(_ entry: ChangeEntry) -> ChangeEntry { seesAll ? entry : entry.published }
}

/// Which entries a watch delivers: as ``ChangeListQuery`` chooses them.
private struct WatchFilter {
  private let filter: ChangeFilter
  private let types: Set<String>
  private let times: Range<PostgresTimestamp>

  init(_ filter: ChangeFilter) {
    self.filter = filter
    types = Set(filter.recordTypes)
    let from = filter.fromTime.map { PostgresTimestamp($0) } ?? .negativeInfinity
    let until = filter.untilTime.map { PostgresTimestamp($0) } ?? .infinity
    times = from..<max(from, until)
  }

  func contains(_ entry: ChangeEntry) -> Bool {
    func fits(_ wanted: String, _ value: String) -> Bool { wanted.isEmpty || wanted == value }
    return (types.isEmpty || types.contains(entry.recordType))
      && fits(filter.recordID.lowercased(), entry.recordID)
      && fits(filter.accountID.lowercased(), entry.actor?.accountID ?? "")
      && fits(filter.method, entry.method) && fits(filter.action, entry.action)
      && entry.changeTime.map { times.contains(PostgresTimestamp($0)) } ?? true
  }
}
