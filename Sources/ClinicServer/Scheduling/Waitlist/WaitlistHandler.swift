package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.WaitlistService`.
package struct WaitlistHandler: WaitlistService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such entry of the waitlist", reason: "WAITLIST_ENTRY_NOT_FOUND",
    field: "waitlist_entry_id")

  package func createWaitlistEntry(
    _ request: CreateWaitlistEntryRequest, context: TenantContext
  ) async throws -> CreateWaitlistEntryResponse {
    var entry = request.entry ?? WaitlistEntry()
    try WaitlistRules.check(entry, path: "entry")
    let patientID = try UUID(contract: entry.patientID, field: "entry.patient_id")
    let appointmentTypeID = try UUID(
      contract: entry.appointmentTypeID, field: "entry.appointment_type_id")
    let resourceIDs = try WantedTime.ids(entry.resourceIds, field: "entry.resource_ids")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let rows = try await mutation.query([
        AppointmentStatements.patient(mutation.companyID, patientID),
        AppointmentTypeStatements.get(mutation.companyID, appointmentTypeID),
        WaitlistStatements.knownResources(mutation.companyID, resourceIDs)
      ])
      guard rows[0].count == 1 else { throw PatientHandler.notFound.about("entry.patient_id") }
      guard rows[1].count == 1 else {
        throw AppointmentTypeHandler.notFound.about("entry.appointment_type_id")
      }
      try Self.check(resourceIDs, known: rows[2])
      guard try rows[0][0].decode(1, as: Int16.self) == Int16(PatientState.active.rawValue) else {
        throw RPCError.failedPrecondition(
          "The patient's record is archived: restore it first", type: "STATE",
          subject: "patient.state")
      }
      let type = try AppointmentType(row: rows[1][0])
      guard type.state == .active else {
        throw RPCError.failedPrecondition(
          "The kind of appointment is retired", type: "STATE", subject: "appointment_type.state")
      }
      let id = UUIDv7.make()
      mutation.enqueue(
        WaitlistStatements.insert(
          mutation.companyID, id, patientID, appointmentTypeID, resourceIDs,
          entry.earliestDate.postgres, entry.latestDate.postgres, entry.packedWindows,
          entry.priority.rank, entry.notes, entry.noticeMinutes))
      mutation.log(Change(.created, .waitlistEntry, [id]))
      entry.waitlistEntryID = id.text
      entry.patientName = try rows[0][0].decode(0)
      entry.appointmentTypeName = type.name
      entry.priority = WaitlistPriority(rank: entry.priority.rank)
      entry.state = .waiting
      entry.offer = nil
      entry.createTime = Timestamp(mutation.now)
      entry.updateTime = Timestamp(mutation.now)
      entry.etag = Etag.text(version: 1)
      return CreateWaitlistEntryResponse(entry: entry)
    }
  }

  package func getWaitlistEntry(
    _ request: GetWaitlistEntryRequest, context: TenantContext
  ) async throws -> GetWaitlistEntryResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.waitlistEntryID, field: "waitlist_entry_id")
    let rows = try await scope.read(WaitlistStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let entry = try WaitlistEntry(row: rows[0])
    scope.noteRead([id], of: [entry.patientID])
    return GetWaitlistEntryResponse(entry: entry)
  }

  package func listWaitlistEntries(
    _ request: ListWaitlistEntriesRequest, context: TenantContext
  ) async throws -> ListWaitlistEntriesResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? WaitlistEntryFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: try filter.serializedBytes())
    let cursor = try paging.cursor(of: request.pageToken)
    let rows = try await scope.read(
      WaitlistStatements.list(
        scope.companyID, Int16(truncatingIfNeeded: cursor?.integer(0) ?? 0),
        cursor?.uuid(1) ?? SystemActor.id,
        try UUID(optional: filter.patientID, field: "filter.patient_id"),
        try UUID(optional: filter.appointmentTypeID, field: "filter.appointment_type_id"),
        Int16(truncatingIfNeeded: filter.state.rawValue), Int64(size + 1)))
    let (entries, next) = try paging.page(rows, size: size) {
      try WaitlistEntry(row: $0)
    } cursor: { last, row in
      PageCursor([.integer(Int64(last.priority.rank)), .uuid(try row.decode(0))])
    }
    scope.noteRead(
      try entries.map { try UUID(contract: $0.waitlistEntryID, field: "waitlist_entry_id") },
      of: entries.map(\.patientID))
    return ListWaitlistEntriesResponse(entries: entries, nextPageToken: next)
  }

  package func updateWaitlistEntry(
    _ request: UpdateWaitlistEntryRequest, context: TenantContext
  ) async throws -> UpdateWaitlistEntryResponse {
    let id = try UUID(contract: request.waitlistEntryID, field: "waitlist_entry_id")
    let update = request.entry ?? WaitlistEntry()
    let paths = try UpdateMask.waitlistEntry.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var entry = try await lock(id, etag: update.etag, by: mutation)
      guard entry.state == .waiting || entry.state == .offered else {
        throw RPCError.failedPrecondition(
          "The entry is done with", type: "STATE", subject: "entry.state")
      }
      try entry.merge(update, paths: paths)
      try entry.checkRules(path: "entry")
      try WaitlistRules.check(entry, path: "entry")
      let resourceIDs = try WantedTime.ids(entry.resourceIds, field: "entry.resource_ids")
      try Self.check(
        resourceIDs,
        known: await mutation.query(
          WaitlistStatements.knownResources(mutation.companyID, resourceIDs)))
      mutation.enqueue(
        WaitlistStatements.update(
          mutation.companyID, id, resourceIDs, entry.earliestDate.postgres,
          entry.latestDate.postgres, entry.packedWindows, entry.priority.rank, entry.notes,
          entry.noticeMinutes))
      mutation.log(Change(.updated, .waitlistEntry, [id], fields: paths))
      entry.priority = WaitlistPriority(rank: entry.priority.rank)
      entry.touch(at: mutation.now)
      return UpdateWaitlistEntryResponse(entry: entry)
    }
  }

  /// NOT_FOUND for the first resource that the clinic does not have.
  private static func check(_ ids: [UUID], known rows: PostgresRows) throws {
    let known = Set(try (0..<rows.count).map { try rows[$0].decode(0, as: UUID.self) })
    for (index, id) in ids.enumerated() where !known.contains(id) {
      throw ResourceHandler.notFound.about("entry.resource_ids[\(index)]")
    }
  }

  /// Locks an entry until the end of the transaction and checks the caller's version.
  func lock(_ id: UUID, etag: String, by mutation: Mutation) async throws -> WaitlistEntry {
    let rows = try await mutation.query(WaitlistStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let entry = try WaitlistEntry(row: rows[0])
    try Etag.check(etag, against: entry.etag)
    return entry
  }
}

extension UUID {
  /// An id as the contract has it; nil where it is empty.
  init?(optional text: String, field: String) throws {
    guard !text.isEmpty else { return nil }
    try self.init(contract: text, field: field)
  }
}

extension Date? {
  /// The day as the database keeps it; null where there is none.
  var postgres: PostgresDate? {
    self?.wholeDay.map { PostgresDate(days: Int32($0 - 10_957)) }
  }
}
