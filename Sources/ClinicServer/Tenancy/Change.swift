package import struct Foundation.UUID

/// An entry for a company's change log: what happened to which resources.
package struct Change: Sendable {
  /// What happened.
  package enum Action: String, Sendable {
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

  /// The kind of resource, as the contract's message name in lower case: `patient`.
  package var resourceType: String

  /// The resources that changed alike; one log entry for each.
  package var resourceIDs: [UUID]

  /// What happened.
  package var action: Action

  /// The paths of the fields that changed; empty where the action says it all. Never values.
  package var fields: [String]

  /// Why, in the caller's words.
  package var reason: String

  package init(
    _ action: Action, _ resourceType: String, _ resourceIDs: [UUID], fields: [String] = [],
    reason: String = ""
  ) {
    self.resourceType = resourceType
    self.resourceIDs = resourceIDs
    self.action = action
    self.fields = fields
    self.reason = reason
  }
}
