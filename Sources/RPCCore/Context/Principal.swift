public import FoundationEssentials
package import Synchronization

/// Who makes a call: an authenticated member of staff, in one clinic.
public final class Principal: Sendable {
  /// The clinic.
  public let companyID: UUID
  /// The member of staff.
  public let staffID: UUID
  /// The session that the access token belongs to.
  public let sessionID: UUID
  /// What the principal may do, as `patients.read`.
  public let permissions: Set<String>
  /// Whether the principal administers the platform.
  public let isPlatform: Bool
  /// The name for logs of changes.
  public let displayName: String
  /// Whether the principal may do nothing but choose a new password.
  public let mustChangePassword: Bool

  /// A place for what the server's limits keep of this principal. Nobody else looks at it.
  package let account = Mutex<(any AnyObject & Sendable)?>(nil)

  /// Makes a principal.
  public init(
    companyID: UUID, staffID: UUID, sessionID: UUID, permissions: Set<String>, isPlatform: Bool,
    displayName: String, mustChangePassword: Bool = false
  ) {
    self.companyID = companyID
    self.staffID = staffID
    self.sessionID = sessionID
    self.permissions = permissions
    self.isPlatform = isPlatform
    self.displayName = displayName
    self.mustChangePassword = mustChangePassword
  }
}
