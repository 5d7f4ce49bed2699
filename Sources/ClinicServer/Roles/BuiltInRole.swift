internal import ClinicContracts
internal import RPCCore

/// A role that comes with every clinic. Its permissions are the contract's, so that a new method is
/// open to administrators as soon as it exists.
enum BuiltInRole: Int16, Sendable, CaseIterable {
  case admin = 1
  case staff = 2

  var name: String {
    switch self {
    case .admin: "Admin"
    case .staff: "Staff"
    }
  }

  var description: String {
    switch self {
    case .admin: "Everything in the clinic"
    case .staff:
      "The day's work: patients, appointments, notes and follow-ups, without deleting and overbooking"
    }
  }

  /// What the role permits in a clinic, or in the platform's own company.
  func permissions(isPlatform: Bool) -> Set<String> {
    switch self {
    case .admin: isPlatform ? Self.all.union(Self.platform) : Self.all
    case .staff: Self.daily
    }
  }

  /// The permissions that service accounts can have: those of the methods that are open to them.
  static let service = granted(to: .clinic).union(granted(to: .service))

  /// The permissions of the methods for a clinic's staff.
  static let all = granted(to: .staff).union(granted(to: .clinic))

  private static let platform = granted(to: .platform)

  private static let daily = all.intersection([
    "appointments.read", "appointments.write", "dashboard.read", "follow_ups.read",
    "follow_ups.write", "notes.read", "notes.write", "patients.read", "patients.write",
    "roles.read", "scheduling.read", "settings.read", "staff.read", "waitlist.read",
    "waitlist.write"
  ])

  private static func granted(to audience: Audience) -> Set<String> {
    Set(
      ClinicContracts.services.flatMap(\.methods)
        .filter { $0.policy.audience == audience }
        .flatMap(\.policy.permissions)
        .filter { $0 != "self" })
  }
}
