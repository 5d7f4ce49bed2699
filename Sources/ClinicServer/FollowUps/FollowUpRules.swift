internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

extension FollowUp {
  static func inThePast(_ field: String) -> RPCError {
    .invalidArgument(
      field: field, reason: "IN_THE_PAST", description: "must be after this moment")
  }

  private static let respondsTooLate = RPCError.invalidArgument(
    field: "follow_up.respond_by_time", reason: "AFTER_DUE_TIME",
    description: "must not be after the due time")

  /// Fills in the times of a new follow-up, after its priority where it has none, and refuses those
  /// that make no sense.
  mutating func setTimes(
    at now: PostgresTimestamp, duePath: String = "follow_up.due_time"
  ) throws {
    let limits = FollowUpClock.limits(of: priority)
    let respond = respondByTime.map { PostgresTimestamp($0) }
    let due =
      dueTime.map { PostgresTimestamp($0) }
      ?? max(now.advanced(by: limits.completion), respond ?? now)
    guard due > now else { throw Self.inThePast(duePath) }
    if let respond {
      guard respond > now else { throw Self.inThePast("follow_up.respond_by_time") }
      guard respond <= due else { throw Self.respondsTooLate }
    }
    dueTime = Timestamp(due)
    respondByTime = Timestamp(respond ?? min(now.advanced(by: limits.response), due))
  }

  /// Checks the times of a changed follow-up. A time that was moved starts afresh.
  mutating func moveTimes(from stored: FollowUp, at now: PostgresTimestamp) throws {
    if dueTime == nil || respondByTime == nil {
      throw RPCError.invalidArgument(
        field: dueTime == nil ? "follow_up.due_time" : "follow_up.respond_by_time",
        reason: "REQUIRED", description: "cannot be taken away")
    }
    let due = dueTime.map { PostgresTimestamp($0) } ?? now
    let respond = respondByTime.map { PostgresTimestamp($0) } ?? now
    let hasDueMoved = due != stored.dueTime.map { PostgresTimestamp($0) }
    let hasRespondMoved = respond != stored.respondByTime.map { PostgresTimestamp($0) }
    guard hasDueMoved || hasRespondMoved else { return }
    if hasDueMoved, due <= now { throw Self.inThePast("follow_up.due_time") }
    if hasRespondMoved, respond <= now { throw Self.inThePast("follow_up.respond_by_time") }
    guard respond <= due else { throw Self.respondsTooLate }
    if let until = snoozeTime, PostgresTimestamp(until) > due {
      throw RPCError.invalidArgument(
        field: "follow_up.due_time", reason: "BEFORE_SNOOZE_ENDS",
        description: "must not be before the end of the snooze")
    }
    dueTime = Timestamp(due)
    respondByTime = Timestamp(respond)
    if hasRespondMoved {
      missedTime = .unspecified
    } else if hasDueMoved, missedTime == .due {
      missedTime = respondTime == nil && respond <= now ? .response : .unspecified
    }
    if missedTime == .unspecified { escalateTime = nil }
  }

  /// Checks what a new follow-up refers to, and fills in the patient of its note and the names.
  mutating func resolveReferences(by mutation: Mutation) async throws {
    let row = try await references(by: mutation)
    let hasPatient = try row.decode(2, as: Bool.self)
    if !patientID.isEmpty, !hasPatient {
      throw PatientHandler.notFound.about("follow_up.patient_id")
    }
    if !noteID.isEmpty {
      guard let patient = try row.decode(0, as: UUID?.self) else {
        throw NoteHandler.notFound.about("follow_up.note_id")
      }
      try take(patient: patient, of: "note")
    }
    if !appointmentID.isEmpty {
      guard let patient = try row.decode(1, as: UUID?.self) else {
        throw AppointmentHandler.notFound.about("follow_up.appointment_id")
      }
      try take(patient: patient, of: "appointment")
    }
    try takeAssignee(from: row)
    try takeEscalation(from: row)
  }

  /// Checks whom a changed follow-up names anew. Who is named still may have left since: whoever
  /// gives the work to somebody else need not change that too.
  mutating func resolveTargets(from stored: FollowUp, by mutation: Mutation) async throws {
    let isReassigned = assignee?.target != stored.assignee?.target
    let isEscalatedElsewhere = escalation?.target != stored.escalation?.target
    if !isReassigned { assignee = stored.assignee }
    if !isEscalatedElsewhere { escalation = stored.escalation }
    guard isReassigned || isEscalatedElsewhere else { return }
    let row = try await references(by: mutation)
    if isReassigned { try takeAssignee(from: row) }
    if isEscalatedElsewhere { try takeEscalation(from: row) }
  }

  /// Whether the member of staff to whom a missed time gives it has left.
  func hasEscalationLeft(by mutation: Mutation) async throws -> Bool {
    guard escalation?.target.staffID != nil else { return false }
    return try await references(by: mutation).decode(6)
  }

  /// The columns of `FollowUpStatements.references`.
  private func references(by mutation: Mutation) async throws -> PostgresRow {
    for (who, path) in [(assignee, "assignee"), (escalation, "escalation")] {
      guard let target = who?.target else { continue }
      guard target != FollowUpTarget() else {
        throw RPCError.invalidArgument(
          field: "follow_up.\(path)", reason: "ONE_OF",
          description: "must name a member of staff or a role")
      }
    }
    let (to, next) = (assignee?.target, escalation?.target)
    return try await mutation.query(
      FollowUpStatements.references(
        mutation.companyID, UUID(text: noteID), UUID(text: patientID), to?.staffID, to?.roleID,
        next?.staffID, next?.roleID, UUID(text: appointmentID)))[0]
  }

  private mutating func takeAssignee(from row: PostgresRow) throws {
    try assignee?.take(
      name: row.decode(3, as: String?.self), hasLeft: row.decode(5), at: "follow_up.assignee")
  }

  private mutating func takeEscalation(from row: PostgresRow) throws {
    try escalation?.take(
      name: row.decode(4, as: String?.self), hasLeft: row.decode(6), at: "follow_up.escalation")
  }

  /// Takes over the patient of what it comes from, and refuses another one.
  private mutating func take(patient: UUID, of source: String) throws {
    if patientID.isEmpty { patientID = patient.text }
    guard patientID == patient.text else {
      throw RPCError.invalidArgument(
        field: "follow_up.patient_id", reason: "OTHER_PATIENT",
        description: "must be the patient of the \(source)")
    }
  }
}

extension FollowUpAssignee {
  /// Takes over the name of whom it names; refuses nobody, and those who have left.
  fileprivate mutating func take(name: String?, hasLeft: Bool, at path: String) throws {
    guard let name else {
      throw target.staffID == nil
        ? RoleHandler.notFound.about("\(path).role_id")
        : StaffHandler.notFound.about("\(path).staff_id")
    }
    guard !hasLeft else {
      throw RPCError.failedPrecondition(
        "The member of staff has left", type: "STATE", subject: "staff.state")
    }
    self.name = name
  }
}

/// The query of a list of follow-ups: what is due first stands first.
struct FollowUpListQuery {
  private let conditions: [SQLQuery]

  init(companyID: UUID, accountID: UUID, filter: FollowUpFilter) throws {
    var conditions: [SQLQuery] = ["f.company_id = \(companyID)"]
    if filter.states.isEmpty {
      conditions.append("f.state <= 3")
    } else {
      let states = filter.states.map { Int16(truncatingIfNeeded: $0.rawValue) }
      conditions.append("f.state = any(\(states))")
    }
    for (column, id) in [
      ("patient_id", filter.patientID), ("note_id", filter.noteID),
      ("appointment_id", filter.appointmentID), ("assignee_staff_id", filter.assigneeStaffID),
      ("assignee_role_id", filter.assigneeRoleID)
    ] where !id.isEmpty {
      conditions.append("f.\(raw: column) = \(try UUID(contract: id, field: "filter.\(column)"))")
    }
    if filter.mine {
      conditions.append(
        """
        (f.assignee_staff_id = \(accountID) or f.assignee_role_id in ( \
        select r.role_id from clinic.staff_roles r \
        where r.company_id = \(companyID) and r.staff_id = \(accountID)))
        """)
    }
    if filter.overdue { conditions.append("f.due_at <= now() and f.state <= 3") }
    if filter.priority != .unspecified {
      conditions.append("f.priority = \(Int16(truncatingIfNeeded: filter.priority.rawValue))")
    }
    self.conditions = conditions
  }

  /// A page of follow-ups after a cursor.
  func page(after cursor: PageCursor?, limit: Int) throws -> SQLQuery {
    var conditions = conditions
    if let cursor {
      guard let microseconds = cursor.integer(0), let id = cursor.uuid(1) else {
        throw Paging.invalid
      }
      conditions.append(
        "(f.due_at, f.id) > (\(PostgresTimestamp(microseconds: microseconds)), \(id))")
    }
    return """
      select \(raw: FollowUpStatements.columns) from clinic.follow_ups f \
      where \(SQLQuery.joined(conditions, separator: " and ")) \
      order by f.due_at, f.id limit \(Int64(limit))
      """
  }

  /// The place of a follow-up in the order.
  func cursor(of followUp: FollowUp) throws -> PageCursor {
    PageCursor([
      .integer(followUp.dueTime.map { PostgresTimestamp($0).microseconds } ?? 0),
      .uuid(try followUp.uuid)
    ])
  }
}
