package import struct Foundation.UUID

/// An entry for a company's change log: what happened to which records.
package struct Change: Sendable {
  /// What happened.
  package enum Action: String, Sendable, CaseIterable {
    case created, updated, archived, restored, deleted, suspended, resumed, deactivated, reactivated
    case passwordReset = "password_reset"
    case passwordChanged = "password_changed"
    case loggedIn = "logged_in"
    case revoked, rotated
    case imported
    case retired, reinstated
    case requested, held, booked, overbooked, accepted, confirmed, arrived, started, completed
    case rescheduled, cancelled, expired, offered
    case checkedIn = "checked_in"
    case noShow = "no_show"
    case leftBeforeSeen = "left_before_seen"
    case enteredInError = "entered_in_error"
    case amended, snoozed, woken, reopened, escalated
    case paused, disabled, replayed, retried
  }

  /// The kind of record.
  package var recordType: RecordType

  /// The records that changed alike; one log entry for each.
  package var recordIDs: [UUID]

  /// What happened.
  package var action: Action

  /// The paths of the fields that changed; empty where the action says it all. Never values.
  package var fields: [String]

  /// Why, in the caller's words.
  package var reason: String

  package init(
    _ action: Action, _ recordType: RecordType, _ recordIDs: [UUID], fields: [String] = [],
    reason: String = ""
  ) {
    self.recordType = recordType
    self.recordIDs = recordIDs
    self.action = action
    self.fields = fields
    self.reason = reason
  }
}
