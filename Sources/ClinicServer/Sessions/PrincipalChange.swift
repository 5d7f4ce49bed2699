internal import PostgresClient
package import struct Foundation.UUID

/// What changed about principals, as servers tell it each other: a company, an account or a session.
package struct PrincipalChange: Sendable, Hashable {
  package let companyID: UUID
  package var staffID: UUID?
  package var sessionID: UUID?

  package init(companyID: UUID, staffID: UUID? = nil, sessionID: UUID? = nil) {
    self.companyID = companyID
    self.staffID = staffID
    self.sessionID = sessionID
  }

  /// The channel of these notifications.
  static let channel = "clinic_principals"

  /// A change from the text of a notification; nil for anything else.
  init?(payload: String) {
    let parts = payload.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, let company = UUID(text: String(parts[0])) else { return nil }
    companyID = company
    staffID = UUID(text: String(parts[1]))
    sessionID = UUID(text: String(parts[2]))
  }

  /// The text of the notification.
  var payload: String {
    [companyID, staffID, sessionID].map { $0?.text ?? "-" }.joined(separator: " ")
  }

  /// Announces the change when the transaction commits.
  var announcement: BoundStatement { SessionStatements.announce(payload) }

  /// Whether a principal is concerned.
  func concerns(companyID: UUID, staffID: UUID, sessionID: UUID) -> Bool {
    self.companyID == companyID && (self.staffID ?? staffID) == staffID
      && (self.sessionID ?? sessionID) == sessionID
  }
}
