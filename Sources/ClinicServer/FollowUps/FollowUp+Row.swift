internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension FollowUp {
  /// A follow-up from the columns of `FollowUpStatements.columns`.
  init(row: PostgresRow) throws {
    func id(_ column: Int) throws -> String { try row.decode(column, as: UUID?.self)?.text ?? "" }
    func time(_ column: Int) throws -> Timestamp? {
      try row.decode(column, as: PostgresTimestamp?.self).map(Timestamp.init)
    }
    func number(_ column: Int) throws -> Int32 { Int32(try row.decode(column, as: Int16.self)) }
    func target(_ column: Int) throws -> FollowUpAssignee? {
      let staff = try row.decode(column, as: UUID?.self).map {
        FollowUpAssignee.Who.staffID($0.text)
      }
      let role = try row.decode(column + 1, as: UUID?.self).map {
        FollowUpAssignee.Who.roleID($0.text)
      }
      guard let who = staff ?? role else { return nil }
      return FollowUpAssignee(who: who, name: try row.decode(column + 2, as: String?.self) ?? "")
    }
    self.init(
      followUpID: try id(0), title: try row.decode(1), details: try row.decode(2),
      patientID: try id(3), noteID: try id(4), appointmentID: try id(5),
      priority: FollowUpPriority(rawValue: try number(6)), assignee: try target(8),
      escalation: try target(11), respondByTime: try time(14), dueTime: try time(15),
      state: FollowUpState(rawValue: try number(7)), respondTime: try time(16),
      snoozeTime: try time(17), missedTime: FollowUpMissedTime(rawValue: try number(18)),
      escalateTime: try time(19), outcome: FollowUpOutcome(rawValue: try number(20)),
      outcomeText: try row.decode(21), closeTime: try time(22),
      closedBy: try ActorMessage(row.decode(23, as: UUID?.self), names: row, at: 28),
      creator: try ActorMessage(row.decode(24, as: UUID?.self), names: row, at: 30),
      createTime: try time(25), updateTime: try time(26),
      etag: Etag.text(version: try row.decode(27)))
  }

  /// The id; throws for a follow-up that has none.
  var uuid: UUID {
    get throws { try UUID(contract: followUpID, field: "follow_up_id") }
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }

  /// Inserts the follow-up.
  func insert(in companyID: UUID) throws -> BoundStatement {
    let columns = try Columns(self)
    return FollowUpStatements.insert(
      companyID, try uuid, title, details, columns.priority, columns.state,
      columns.assignee.staffID, columns.assignee.roleID, columns.escalation.staffID,
      columns.escalation.roleID, columns.respondBy, columns.due, columns.responded,
      columns.snoozed, columns.missed, columns.escalated, columns.outcome, outcomeText,
      columns.closed, closedBy.flatMap { UUID(text: $0.accountID) }, UUID(text: patientID),
      UUID(text: noteID),
      UUID(text: appointmentID), creator.flatMap { UUID(text: $0.accountID) })
  }

  /// Replaces the changeable columns.
  func update(in companyID: UUID) throws -> BoundStatement {
    let columns = try Columns(self)
    return FollowUpStatements.update(
      companyID, try uuid, title, details, columns.priority, columns.state,
      columns.assignee.staffID, columns.assignee.roleID, columns.escalation.staffID,
      columns.escalation.roleID, columns.respondBy, columns.due, columns.responded,
      columns.snoozed, columns.missed, columns.escalated, columns.outcome, outcomeText,
      columns.closed, closedBy.flatMap { UUID(text: $0.accountID) })
  }

  /// The values of a follow-up as its columns hold them.
  private struct Columns {
    let priority: Int16
    let state: Int16
    let assignee: FollowUpTarget
    let escalation: FollowUpTarget
    let respondBy: PostgresTimestamp?
    let due: PostgresTimestamp?
    let responded: PostgresTimestamp?
    let snoozed: PostgresTimestamp?
    let missed: Int16
    let escalated: PostgresTimestamp?
    let outcome: Int16
    let closed: PostgresTimestamp?

    init(_ followUp: FollowUp) throws {
      priority = Int16(truncatingIfNeeded: followUp.priority.rawValue)
      state = Int16(truncatingIfNeeded: followUp.state.rawValue)
      assignee = followUp.assignee?.target ?? FollowUpTarget()
      escalation = followUp.escalation?.target ?? FollowUpTarget()
      respondBy = followUp.respondByTime.map { PostgresTimestamp($0) }
      due = followUp.dueTime.map { PostgresTimestamp($0) }
      responded = followUp.respondTime.map { PostgresTimestamp($0) }
      snoozed = followUp.snoozeTime.map { PostgresTimestamp($0) }
      missed = Int16(truncatingIfNeeded: followUp.missedTime.rawValue)
      escalated = followUp.escalateTime.map { PostgresTimestamp($0) }
      outcome = Int16(truncatingIfNeeded: followUp.outcome.rawValue)
      closed = followUp.closeTime.map { PostgresTimestamp($0) }
    }
  }
}

/// Whom an assignee names.
struct FollowUpTarget: Hashable {
  var staffID: UUID?
  var roleID: UUID?
}

extension FollowUpAssignee {
  /// Whom it names, whatever their name.
  var target: FollowUpTarget {
    switch who {
    case .staffID(let id): FollowUpTarget(staffID: UUID(text: id))
    case .roleID(let id): FollowUpTarget(roleID: UUID(text: id))
    case nil: FollowUpTarget()
    }
  }
}
