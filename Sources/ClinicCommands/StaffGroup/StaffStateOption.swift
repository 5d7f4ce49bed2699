internal import ArgumentParser
internal import ClinicContracts

/// Whether somebody can log in, as the command line names it.
enum StaffStateOption: String, ExpressibleByArgument, CaseIterable {
  case active
  case deactivated

  /// The state as the contract names it.
  var state: StaffState {
    switch self {
    case .active: .active
    case .deactivated: .deactivated
    }
  }
}
