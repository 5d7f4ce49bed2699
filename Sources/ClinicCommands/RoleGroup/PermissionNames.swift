internal import ClinicContracts
internal import RPCCore

/// The permissions that the contracts name.
enum PermissionNames {
  /// The names, sorted.
  static let all = ClinicContracts.permissions.map(\.name)
}
