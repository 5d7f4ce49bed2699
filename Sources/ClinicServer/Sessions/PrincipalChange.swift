internal import PostgresClient
package import struct Foundation.UUID

/// What changed about principals, as servers tell it each other: a company, an account, or what an
/// account comes in with: a session or an API key.
package struct PrincipalChange: Sendable, Hashable {
  package let companyID: UUID
  package var accountID: UUID?
  package var credentialID: UUID?

  package init(companyID: UUID, accountID: UUID? = nil, credentialID: UUID? = nil) {
    self.companyID = companyID
    self.accountID = accountID
    self.credentialID = credentialID
  }

  /// The channel of these notifications.
  static let channel = "clinic_principals"

  /// A change from the text of a notification; nil for anything else.
  init?(payload: String) {
    let parts = payload.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, let company = UUID(text: String(parts[0])) else { return nil }
    companyID = company
    accountID = UUID(text: String(parts[1]))
    credentialID = UUID(text: String(parts[2]))
  }

  /// The text of the notification.
  var payload: String {
    [companyID, accountID, credentialID].map { $0?.text ?? "-" }.joined(separator: " ")
  }

  /// Announces the change when the transaction commits.
  var announcement: BoundStatement { SessionStatements.announce(payload) }

  /// Whether a principal is concerned.
  func concerns(companyID: UUID, accountID: UUID, credentialID: UUID) -> Bool {
    self.companyID == companyID && (self.accountID ?? accountID) == accountID
      && (self.credentialID ?? credentialID) == credentialID
  }
}
