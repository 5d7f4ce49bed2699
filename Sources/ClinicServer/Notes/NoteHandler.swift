package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.NoteService`. Versions are only ever inserted.
package struct NoteHandler: NoteService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such note", reason: "NOTE_NOT_FOUND", field: "note_id")

  package func createNote(
    _ request: CreateNoteRequest, context: TenantContext
  ) async throws -> CreateNoteResponse {
    var note = request.note ?? Note()
    let appointmentID =
      note.appointmentID.isEmpty
      ? nil : try UUID(contract: note.appointmentID, field: "note.appointment_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      if let appointmentID {
        note.patientID = try await Self.patient(
          of: appointmentID, given: note.patientID, by: mutation)
      }
      let patientID = try UUID(contract: note.patientID, field: "note.patient_id")
      note.patientID = patientID.text
      note.appointmentID = appointmentID?.text ?? ""
      try await Self.requireOpenRecord(patientID, field: "note.patient_id", by: mutation)
      let id = UUIDv7.make()
      note.noteID = id.text
      if note.kind == .unspecified { note.kind = .clinical }
      note.createTime = Timestamp(mutation.now)
      note.version = 0
      mutation.enqueue(
        NoteStatements.insert(
          mutation.companyID, id, patientID, appointmentID,
          Int16(truncatingIfNeeded: note.kind.rawValue)))
      try note.write(.current, reason: "", by: mutation)
      mutation.log(Change(.created, .note, [id]))
      return CreateNoteResponse(note: note)
    }
  }

  package func getNote(
    _ request: GetNoteRequest, context: TenantContext
  ) async throws -> GetNoteResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.noteID, field: "note_id")
    let rows = try await scope.read(NoteStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let note = try Note(row: rows[0])
    try Self.noteRead([note], in: scope)
    return GetNoteResponse(note: note)
  }

  package func listNoteVersions(
    _ request: ListNoteVersionsRequest, context: TenantContext
  ) async throws -> ListNoteVersionsResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.noteID, field: "note_id")
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: Array(id.text.utf8))
    let before = try paging.cursor(of: request.pageToken)?.integer(0) ?? Int64(Int32.max)
    let rows = try await scope.read(
      NoteStatements.versions(
        scope.companyID, id, Int32(truncatingIfNeeded: before), Int64(size + 1),
        Int64(Paging.byteBudget)))
    let (versions, next) = try paging.page(rows, size: size) {
      try Note(row: $0)
    } cursor: { last, _ in
      PageCursor([.integer(Int64(last.version))])
    }
    // Every note has a first version, so the first page of one that is there has a row.
    guard !versions.isEmpty else { throw Self.notFound }
    try Self.noteRead([versions[0]], in: scope)
    return ListNoteVersionsResponse(versions: versions, nextPageToken: next)
  }

  package func listNotes(
    _ request: ListNotesRequest, context: TenantContext
  ) async throws -> ListNotesResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? NoteFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: try filter.serializedBytes())
    let query = try NoteListQuery(companyID: scope.companyID, filter: filter)
    let rows = try await scope.read(
      query.page(after: try paging.cursor(of: request.pageToken), limit: size + 1))
    let (notes, next) = try paging.page(rows, size: size) {
      try Note(row: $0)
    } cursor: { _, row in
      PageCursor([.uuid(try row.decode(0))])
    }
    try Self.noteRead(notes, in: scope)
    return ListNotesResponse(notes: notes, nextPageToken: next)
  }

  package func amendNote(
    _ request: AmendNoteRequest, context: TenantContext
  ) async throws -> AmendNoteResponse {
    let id = try UUID(contract: request.noteID, field: "note_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var note = try await newest(id, etag: request.etag, by: mutation)
      try await Self.requireOpenRecord(
        try UUID(contract: note.patientID, field: "note.patient_id"), field: "note_id",
        by: mutation)
      let fields = [
        note.title == request.title ? nil : "title", note.text == request.text ? nil : "text"
      ].compactMap(\.self)
      note.title = request.title
      note.text = request.text
      try note.write(.current, reason: request.reason, by: mutation)
      mutation.log(Change(.amended, .note, [id], fields: fields, reason: request.reason))
      return AmendNoteResponse(note: note)
    }
  }

  package func markNoteEnteredInError(
    _ request: MarkNoteEnteredInErrorRequest, context: TenantContext
  ) async throws -> MarkNoteEnteredInErrorResponse {
    let id = try UUID(contract: request.noteID, field: "note_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var note = try await newest(id, etag: request.etag, by: mutation)
      try note.write(.enteredInError, reason: request.reason, by: mutation)
      mutation.log(Change(.enteredInError, .note, [id], reason: request.reason))
      return MarkNoteEnteredInErrorResponse(note: note)
    }
  }

  /// The newest version of a note that can have a further one.
  private func newest(_ id: UUID, etag: String, by mutation: Mutation) async throws -> Note {
    let rows = try await mutation.query(NoteStatements.get(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let note = try Note(row: rows[0])
    try Etag.check(etag, against: note.etag)
    guard note.state == .current else {
      throw RPCError.failedPrecondition(
        "A note that was entered in error has no further versions: write a new note",
        type: "STATE", subject: "note.state")
    }
    return note
  }

  /// The patient of an appointment, who must be the one that the caller names, if any.
  private static func patient(
    of appointmentID: UUID, given: String, by mutation: Mutation
  ) async throws -> String {
    let rows = try await mutation.query(
      NoteStatements.appointment(mutation.companyID, appointmentID))
    guard rows.count == 1 else {
      throw AppointmentHandler.notFound.about("note.appointment_id")
    }
    let patientID = try rows[0].decode(0, as: UUID.self).text
    guard given.isEmpty || given.lowercased() == patientID else {
      throw RPCError.invalidArgument(
        field: "note.patient_id", reason: "OTHER_PATIENT",
        description: "must be the patient of the appointment")
    }
    return patientID
  }

  /// Refuses a patient that is not there, and a record that is archived.
  static func requireOpenRecord(
    _ patientID: UUID, field: String, by mutation: Mutation
  ) async throws {
    let rows = try await mutation.query(NoteStatements.patient(mutation.companyID, patientID))
    guard rows.count == 1 else { throw PatientHandler.notFound.about(field) }
    guard try rows[0].decode(0, as: Int16.self) == PatientState.active.rawValue else {
      throw RPCError.failedPrecondition(
        "An archived record is read-only: restore it first", type: "STATE",
        subject: "patient.state")
    }
  }

  private static func noteRead(_ notes: [Note], in scope: TenantScope) throws {
    let patients = Set(notes.map(\.patientID))
    scope.noteRead((patients.sorted() + notes.map(\.noteID)).compactMap { UUID(text: $0) })
  }
}

extension Note {
  /// Puts off the insert of the next version, and becomes it.
  fileprivate mutating func write(
    _ state: NoteState, reason: String, by mutation: Mutation
  ) throws {
    let principal = mutation.context.principal
    self.state = state
    self.reason = reason
    version += 1
    let author = ActorMessage(principal)
    self.author = author
    updateTime = Timestamp(mutation.now)
    etag = Etag.text(version: Int64(version))
    mutation.enqueue(
      NoteStatements.insertVersion(
        mutation.companyID, try UUID(contract: noteID, field: "note_id"), version,
        Int16(truncatingIfNeeded: state.rawValue), title, text, reason, principal.accountID,
        Int16(truncatingIfNeeded: author.kind.rawValue)))
  }
}

/// The query of a list of notes: the newest first, in the order of their ids, which is that of their
/// making.
struct NoteListQuery {
  private let companyID: UUID
  private let conditions: [SQLQuery]

  init(companyID: UUID, filter: NoteFilter) throws {
    self.companyID = companyID
    var conditions: [SQLQuery] = ["n.company_id = \(companyID)"]
    for (column, id, field) in [
      ("patient_id", filter.patientID, "filter.patient_id"),
      ("appointment_id", filter.appointmentID, "filter.appointment_id")
    ] where !id.isEmpty {
      conditions.append("n.\(raw: column) = \(try UUID(contract: id, field: field))")
    }
    if filter.kind != .unspecified {
      conditions.append("n.kind = \(Int16(truncatingIfNeeded: filter.kind.rawValue))")
    }
    if !filter.includeEnteredInError { conditions.append("v.state = 1") }
    self.conditions = conditions
  }

  func page(after cursor: PageCursor?, limit: Int) throws -> SQLQuery {
    var conditions = conditions
    if let cursor {
      guard let id = cursor.uuid(0) else { throw Paging.invalid }
      conditions.append("n.id < \(id)")
    }
    // The texts of a page may be long: of those that it cannot hold, no more than one is read. How
    // long a text is, the database knows without reading it.
    return """
      select \(raw: NoteStatements.columns) from ( \
      select p.id, p.version, p.size, sum(p.size) over (order by p.id desc) as total from ( \
      select n.id, v.version, octet_length(v.body) as size from clinic.notes n \
      cross join lateral ( \
      select w.version, w.state, w.body from clinic.note_versions w \
      where w.company_id = n.company_id and w.note_id = n.id order by w.version desc limit 1) v \
      where \(SQLQuery.joined(conditions, separator: " and ")) \
      order by n.id desc limit \(Int64(limit))) p) t \
      join clinic.notes n on n.company_id = \(companyID) and n.id = t.id \
      join clinic.note_versions v on v.company_id = \(companyID) and v.note_id = t.id \
      and v.version = t.version \
      where t.total - t.size <= \(Int64(Paging.byteBudget)) order by n.id desc
      """
  }
}
