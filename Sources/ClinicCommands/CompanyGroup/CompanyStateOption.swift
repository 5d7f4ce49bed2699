internal import ArgumentParser
internal import ClinicContracts

/// Whether a clinic is in service, as the command line names it.
enum CompanyStateOption: String, ExpressibleByArgument, CaseIterable {
  case active
  case suspended

  /// The state as the contract names it.
  var state: CompanyState {
    switch self {
    case .active: .active
    case .suspended: .suspended
    }
  }
}
