/// The kind of principal that may call a method.
public enum Audience: Sendable, Hashable, CaseIterable {
  /// Anybody, without credentials.
  case everybody
  /// A member of a clinic's staff, in their own clinic.
  case staff
  /// A patient, on their own record.
  case patient
  /// A service account, in its own clinic.
  case service
  /// A platform administrator.
  case platform
  /// A member of a clinic's staff, or one of its service accounts: whoever has the permission.
  case clinic
}
