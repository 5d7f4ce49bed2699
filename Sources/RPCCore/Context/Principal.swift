public import FoundationEssentials
package import Synchronization

/// Who makes a call: an authenticated member of staff or service account, in one clinic.
public final class Principal: Sendable {
  /// What kind of account it is.
  public enum Kind: Sendable, Hashable {
    /// A member of staff, in a session.
    case staff
    /// A service account, with an API key or a token that it was given for one.
    case service
  }

  /// What kind of account it is.
  public let kind: Kind
  /// The clinic.
  public let companyID: UUID
  /// The account: the member of staff's or the service account's.
  public let accountID: UUID
  /// What the account came in with: the session of a member of staff, the API key of a service
  /// account.
  public let credentialID: UUID
  /// What the principal may do, as `patients.read`.
  public let permissions: Set<String>
  /// Whether the principal administers the platform.
  public let isPlatform: Bool
  /// The name for logs of changes.
  public let displayName: String
  /// Whether the principal may do nothing but choose a new password.
  public let mustChangePassword: Bool

  /// A place for what the server's limits keep of this principal. Nobody else looks at it.
  package let meter = Mutex<(any AnyObject & Sendable)?>(nil)

  /// Makes the principal of a member of staff.
  public init(
    companyID: UUID, staffID: UUID, sessionID: UUID, permissions: Set<String>, isPlatform: Bool,
    displayName: String, mustChangePassword: Bool = false
  ) {
    kind = .staff
    self.companyID = companyID
    accountID = staffID
    credentialID = sessionID
    self.permissions = permissions
    self.isPlatform = isPlatform
    self.displayName = displayName
    self.mustChangePassword = mustChangePassword
  }

  /// Makes the principal of a service account, which never administers the platform.
  public init(
    companyID: UUID, serviceAccountID: UUID, keyID: UUID, permissions: Set<String>,
    displayName: String
  ) {
    kind = .service
    self.companyID = companyID
    accountID = serviceAccountID
    credentialID = keyID
    self.permissions = permissions
    isPlatform = false
    self.displayName = displayName
    mustChangePassword = false
  }
}
